import { plural, rowAt } from '@observe/base';
import { isStandardLibrary, type Frame } from '@observe/gostack';
import type { PackageReports, ShownBucket, ShownReport } from '@observe/query';
import { NONE, type PackageState, type RunState } from '@observe/run';

/** What the text of a dead process says besides its head. */
export interface Autopsy {
  /** The lines before the first goroutine: `panic: …`, `running tests:`. */
  readonly head: readonly string[];
  /** The test that started the goroutine which died, when Go pinned it on another or on none. */
  readonly culprit: string | undefined;
  /** Where the goroutines of tests stand: `TestA: 2 goroutines [sync.Mutex.Lock] at a_test.go:35`. */
  readonly stands: readonly string[];
  /** The stack that died, without testing's own frames. Empty for a timeout. */
  readonly stack: readonly string[];
}

/** The two accesses of a data race: `write by goroutine 9 at a_test.go:7 (in m.TestRace.func1)`. */
export interface RaceNote {
  readonly accesses: readonly string[];
}

const MAX_HEAD = 12;
const MAX_STANDS = 8;
const MAX_FRAMES = 8;

/** Undefined when the reports tell of no death. */
export function autopsyOf(
  state: RunState,
  pkg: PackageState,
  reports: PackageReports | undefined,
): Autopsy | undefined {
  const report = reports?.reports.findLast(({ kind }) => kind === 'panic' || kind === 'fatal' || kind === 'signal');
  if (report === undefined) return undefined;
  const lines = report.text.split('\n');
  const dump = lines.findIndex((line) => /^(goroutine \d+ |runtime stack:)/.test(line));
  const head = (dump < 0 ? lines : lines.slice(0, dump)).filter((line) => line.trim() !== '');
  const died = report.timeout === undefined ? report.buckets.find(({ status }) => status === 'running') : undefined;
  const culprit = report.culprit?.test;
  // The text names top-level tests only.
  const pinnedOn = rowAt(state.tests, pkg.crash?.pinnedOn ?? NONE)?.name.split('/')[0];
  return {
    head: head.slice(0, MAX_HEAD),
    culprit: culprit === pinnedOn ? undefined : culprit,
    stands: standsOf(report, died),
    stack: died === undefined ? [] : stackOf(died, state.host?.directory),
  };
}

export function racesIn(reports: PackageReports | undefined): RaceNote[] {
  return (reports?.reports ?? []).flatMap(({ race }) =>
    race === undefined
      ? []
      : [
          {
            accesses: race.accesses.map(
              ({ kind, isPrevious, goid, frames }) =>
                `${isPrevious ? 'previous ' : ''}${kind} by goroutine ${goid} at ${siteOf(frames)}`,
            ),
          },
        ],
  );
}

function siteOf(frames: readonly Frame[]): string {
  const frame = frames.find((it) => !isStandardLibrary(it)) ?? frames[0];
  return frame === undefined ? 'an unknown place' : `${placeOf(frame)} in ${frame.func}`;
}

const placeOf = ({ func, file, line }: Frame): string => (file === undefined ? func : `${baseOf(file)}:${line ?? '?'}`);

/** Those that wait for something of the user's. */
function standsOf({ buckets }: ShownReport, died: ShownBucket | undefined): string[] {
  const blamed = buckets.filter(
    (bucket) =>
      bucket !== died && bucket.testingWait === undefined && bucket.noise === undefined && bucket.user !== undefined,
  );
  return blamed.slice(0, MAX_STANDS).map(({ owners, goids, status, user, call }) => {
    const who = owners.map(({ test }) => test).join(', ');
    const what = goids.length > 1 ? ` ${plural(goids.length, 'goroutine')}` : '';
    const site = user ?? call;
    return `${who === '' ? `goroutine ${goids[0]}` : who}:${what} [${status}] at ${site === undefined ? 'an unknown place' : placeOf(site)}`;
  });
}

/** The frames of the user's code that it died in, with what it called last. */
function stackOf({ frames, call }: ShownBucket, directory: string | undefined): string[] {
  const shown = frames.filter(
    ({ func }) => !func.startsWith('runtime.') && !func.startsWith('testing.') && func !== 'panic',
  );
  const lines = (shown.length > 0 || call === undefined ? shown : [call]).slice(0, MAX_FRAMES);
  const short = (file: string): string =>
    directory !== undefined && file.startsWith(`${directory}/`) ? file.slice(directory.length + 1) : file;
  return lines.map(({ func, file, line }) =>
    `${func}  ${file === undefined ? '' : `${short(file)}:${line ?? '?'}`}`.trimEnd(),
  );
}

const baseOf = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
