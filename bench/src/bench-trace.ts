import { statSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, median, timed, type Timed } from './measure.ts';
import { megabytes, perSecond, type Row } from './report.ts';
import { ROOT } from './root.ts';

const READ = join(ROOT, 'bench/dist/read-trace.js');

interface Told {
  readonly ms: number;
  readonly cpuMs: number;
  readonly events: number;
  readonly peakBytes: number;
  /** Ours: a second reading in the same process. */
  readonly warmMs?: number;
  /** Ours: a third reading, with goroutines given to tests, accounts and wakes. */
  readonly givenMs?: number;
}

/** Full tables of a trace against Go's own reader, which reads every event and keeps none. Each alone on the machine. */
export async function benchTrace(path: string, peer: string, rounds: number): Promise<Row[]> {
  const [own = [], two = [], go = []] = await interleaved(rounds, [
    () => timed([process.execPath, READ, path]),
    () => timed([process.execPath, READ, path, '2']),
    () => timed([peer, 'read', path]),
  ]);
  const bytes = statSync(path).size;
  const [ours, twos, theirs] = [own, two, go].map((runs) => runs.map(({ stdout }) => JSON.parse(stdout) as Told));
  if (ours === undefined || twos === undefined || theirs === undefined) return [];
  const of = (told: readonly Told[], field: (one: Told) => number): number => median(told.map(field));
  const events = theirs[0]?.events ?? 0;
  const [ms, goMs] = [of(ours, (one) => one.ms), of(theirs, (one) => one.ms)];
  const warmMs = of(ours, (one) => one.warmMs ?? NaN);
  const givenMs = of(ours, (one) => one.givenMs ?? NaN);
  const [twoMs, twoWarmMs] = [of(twos, (one) => one.ms), of(twos, (one) => one.warmMs ?? NaN)];
  const rate = (spentMs: number): string => `${Math.round(bytes / spentMs / 1000)} MB/s, ${perSecond(events, spentMs)}`;
  const wallMs = (runs: readonly Timed[]): number => median(runs.map((run) => run.ms));
  const startMs = wallMs(own) - ms - warmMs - givenMs;
  const peak = Math.max(...ours.map((one) => one.peakBytes), ...twos.map((one) => one.peakBytes));
  return [
    { what: 'file', value: `${megabytes(bytes)}, ${events.toLocaleString('en-US')} events` },
    {
      what: 'to full tables, the first time in a process',
      value: `${rate(ms)}; ${(goMs / ms).toFixed(2)} × Go's reader`,
      goal: '≥ 2 ×',
      isMet: goMs / ms >= 2,
    },
    { what: 'again in the same process', value: `${rate(warmMs)}; ${(goMs / warmMs).toFixed(2)} × Go's reader` },
    { what: '… and given back to tests', value: `${rate(givenMs)}; ${(goMs / givenMs).toFixed(2)} × Go's reader` },
    {
      what: 'with the start of the process',
      value: `${rate(ms + startMs)}; ${(wallMs(go) / (ms + startMs)).toFixed(2)} × Go's reader`,
    },
    {
      what: 'behind a door, in two threads: the first time · again',
      value: `${rate(twoMs)}; ${(goMs / twoMs).toFixed(2)} · ${(goMs / twoWarmMs).toFixed(2)} × Go's reader`,
    },
    { what: "Go's reader", value: rate(goMs) },
    {
      what: 'processor time, ours · in two threads · Go',
      value: [ours, twos, theirs].map((runs) => `${(of(runs, (one) => one.cpuMs) / 1000).toFixed(2)} s`).join(' · '),
    },
    {
      what: 'peak memory, ours · Go',
      value: `${megabytes(peak)} · ${megabytes(Math.max(...theirs.map((one) => one.peakBytes)))}`,
      goal: '≤ 1 GB',
      isMet: peak <= 1e9,
    },
  ];
}
