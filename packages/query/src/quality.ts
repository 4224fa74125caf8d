import { plural } from '@observe/base';
import type { RunState } from '@observe/run';

/** What makes the stream worse than it could be: an id, and in words what it is and what to do. */
export interface QualityNote {
  readonly id:
    'verbose' | 'cached' | 'strays' | 'no-time' | 'no-package' | 'unknown-action' | 'long-lines' | 'time-steps';
  readonly detail: string;
}

/** Notes on a run's stream, the worst first; none for a good one. */
export function qualityOf({ quality }: RunState): QualityNote[] {
  const notes: QualityNote[] = [];
  const note = (id: QualityNote['id'], isSo: boolean, detail: string): void => {
    if (isSo) notes.push({ id, detail });
  };
  note(
    'verbose',
    quality.midlineFrames > 0,
    `${plural(quality.midlineFrames, 'result')} stood in the middle of a printed line: run go test -json without -v (it is verbose by itself), or with Go 1.20 or later`,
  );
  note(
    'no-time',
    quality.events > 0 && !quality.hasTime,
    'no event has a Time: durations are Go’s own; use go test -json, or test2json with -t',
  );
  note(
    'no-package',
    quality.events > 0 && !quality.hasPackage,
    'no event has a Package: use go test -json, or test2json with -p',
  );
  note(
    'cached',
    quality.cachedPackages > 0,
    `${plural(quality.cachedPackages, 'package')} came from the test cache: nothing was run; add -count=1 to run them`,
  );
  note(
    'strays',
    quality.strays > 0,
    `${plural(quality.strays, 'line')} of the input ${quality.strays === 1 ? 'was' : 'were'} not JSON: kept, in place`,
  );
  note(
    'long-lines',
    quality.cutLines > 0,
    `${plural(quality.cutLines, 'piece')} of a line that was too long, or cut by the end of the input: kept, not read`,
  );
  note(
    'time-steps',
    quality.backSteps > 0,
    `Time stepped back ${plural(quality.backSteps, 'time')} within a package: the order of lines was kept`,
  );
  note(
    'unknown-action',
    quality.unknownActions.size > 0,
    `actions that this version does not know: ${[...quality.unknownActions.keys()].slice(0, 5).join(', ')}`,
  );
  return notes;
}
