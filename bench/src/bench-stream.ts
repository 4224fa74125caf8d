import { join } from 'node:path';
import { fedByCat, interleaved, median, timed, type Timed } from './measure.ts';
import { findGotestsum } from './peer.ts';
import { megabytes, perSecond, type Row } from './report.ts';
import { ROOT } from './root.ts';
import type { StreamFile } from './stream/cache.ts';

const FOLD = join(ROOT, 'bench/dist/fold.js');
const GOAL_PER_MS = 500;

/** Parse and fold, in a process of its own, against gotestsum, both fed by `cat`. */
export async function benchStream({ path, shape }: StreamFile, rounds: number): Promise<Row[]> {
  const peer = findGotestsum();
  const ours = (): Promise<Timed> => fedByCat(path, [process.execPath, FOLD]);
  const theirs = (format: string) => (): Promise<Timed> =>
    timed([peer ?? '', '--format', format, '--raw-command', '--', 'cat', path]);
  const [own = [], dots = [], names = []] = await interleaved(
    rounds,
    peer === undefined ? [ours] : [ours, theirs('dots'), theirs('testname')],
  );
  const ms = median(own.map((run) => run.ms));
  const told = own.map((run) => JSON.parse(run.stdout) as { ms: number; events: number; peakBytes: number });
  const peak = Math.max(...told.map((run) => run.peakBytes));
  const events = told[0]?.events ?? shape.events;
  const rows: Row[] = [
    {
      what: 'parse and fold, whole process',
      value: perSecond(events, ms),
      goal: '≥ 500,000 events/s',
      isMet: events / ms >= GOAL_PER_MS,
    },
    { what: 'parse and fold, without the start of Node', value: perSecond(events, median(told.map((run) => run.ms))) },
    { what: 'peak memory', value: megabytes(peak), goal: '< 300 MB', isMet: peak < 300e6 },
  ];
  if (peer === undefined) return [...rows, { what: 'gotestsum', value: 'not here, and go cannot install it' }];
  for (const [format, runs] of [
    ['dots', dots],
    ['testname', names],
  ] as const) {
    const peerMs = median(runs.map((run) => run.ms));
    rows.push({
      what: `gotestsum, ${format}`,
      value: `${perSecond(events, peerMs)}; we are ${(peerMs / ms).toFixed(1)} × as fast`,
      goal: '≥ 2.5 ×',
      isMet: peerMs / ms >= 2.5,
    });
  }
  return rows;
}
