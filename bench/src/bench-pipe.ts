import { fedByCat, interleaved, median, timed, type Timed } from './measure.ts';
import { OBSERVE, openHome } from './observed.ts';
import { findGotestsum } from './peer.ts';
import { peakBytesOf } from './peak-memory.ts';
import { megabytes, perSecond, type Row } from './report.ts';
import type { StreamFile } from './stream/cache.ts';

/** Through the real CLI and the real collector until the last line is acknowledged and the summary printed: the process' whole life. */
export async function benchPipe({ path, shape }: StreamFile, rounds: number): Promise<Row[]> {
  const peer = findGotestsum();
  const home = await openHome();
  try {
    const piped =
      (...args: string[]) =>
      (): Promise<Timed> =>
        fedByCat(path, [process.execPath, OBSERVE, ...args], home.env);
    const theirs = (): Promise<Timed> => timed([peer ?? '', '--format', 'dots', '--raw-command', '--', 'cat', path]);
    const runs = [piped('--collector=auto'), piped('--collector=none'), ...(peer === undefined ? [] : [theirs])];
    const [collected = [], alone = [], dots = []] = await interleaved(rounds, runs);
    if (!collected.every((run) => run.stdout.includes('/runs/'))) throw new Error('a run did not reach the collector');
    const ms = median(collected.map((run) => run.ms));
    const peakOf = (all: readonly Timed[]): number => Math.max(...all.map((run) => run.peakBytes ?? NaN));
    const rows: Row[] = [
      {
        what: 'pipe → durable → ack, whole process',
        value: perSecond(shape.events, ms),
        goal: '≥ 250,000 events/s',
        isMet: shape.events / ms >= 250,
      },
      {
        what: 'the same without a collector, into the store',
        value: perSecond(shape.events, median(alone.map((run) => run.ms))),
      },
      { what: 'peak memory of the CLI', value: megabytes(peakOf([...collected, ...alone])) },
      {
        what: `peak memory of the collector after ${rounds + 1} such runs`,
        value: megabytes(peakBytesOf(home.collectorPid)),
      },
    ];
    if (peer === undefined) return [...rows, { what: 'gotestsum', value: 'not here, and go cannot install it' }];
    const peerMs = median(dots.map((run) => run.ms));
    return [
      ...rows,
      {
        what: 'gotestsum, dots',
        value: `${perSecond(shape.events, peerMs)}; we are ${(peerMs / ms).toFixed(1)} × as fast`,
        goal: '≥ 1 ×',
        isMet: peerMs >= ms,
      },
    ];
  } finally {
    home.close();
  }
}

/** 1 GB through both. */
export async function benchMemory({ path, bytes }: StreamFile): Promise<Row[]> {
  const home = await openHome();
  try {
    const run = await fedByCat(path, [process.execPath, OBSERVE, '--collector=auto'], home.env);
    return [
      {
        what: `${(bytes / 1e9).toFixed(2)} GB through the pipe`,
        value: `${(run.ms / 1000).toFixed(1)} s, ${Math.round(bytes / run.ms / 1000)} MB/s`,
      },
      { what: 'peak memory of the CLI', value: megabytes(run.peakBytes), goal: 'bounded' },
      { what: 'peak memory of the collector', value: megabytes(peakBytesOf(home.collectorPid)), goal: 'bounded' },
    ];
  } finally {
    home.close();
  }
}
