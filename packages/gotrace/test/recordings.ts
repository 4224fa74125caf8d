import { recordingBytes, recordingText } from '@observe/testkit';
import { createReader, NONE, type Segment, type TraceEnd, type TraceFault } from '../src/index.ts';

export const GO_VERSIONS = ['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'] as const;

/** Recordings with a trace that Go's reader reads: all but that of a process that died before its first generation. */
export const TRACES: readonly string[] = [
  ...GO_VERSIONS.flatMap((version) =>
    ['auth', 'inventory', 'orders', 'payments', 'reports'].map((name) => `shop/go${version}/${name}`),
  ),
  ...['context', 'database_sql', 'io'].map((name) => `std/${name}`),
].filter((name) => name !== 'shop/go1.22/reports');

/** Traces of what tests of Go packages do not do; they have transitions, and no other oracle. */
export const PROGRAMS: readonly string[] = [
  'annotations',
  'annotations-stress',
  'cgo-callback',
  'iter-pull',
  'many-start-stop',
  'stacks',
  'wait-on-pipe',
].map((name) => `programs/${name}`);

/** Bytes of a trace; the large ones are gzipped. */
export const traceBytes = (name: string): Uint8Array =>
  new Uint8Array(recordingBytes(name === 'std/database_sql' ? `${name}.trace.gz` : `${name}.trace`));

/** What Go's own reader finds; see the recordings' README. */
export interface Oracle {
  readonly durationNs: number;
  readonly firstSyncNs: number;
  readonly firstSyncWall?: string;
  readonly goCreates: number;
  readonly maxAlive: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly goroutines: readonly OracleGoroutine[];
}

export interface OracleGoroutine {
  readonly id: number;
  readonly parent: number;
  readonly startFunc: string;
  readonly createdNs: number;
  readonly endedNs: number;
  readonly stateNs: Readonly<Record<string, number>>;
  readonly last: string;
  readonly unblocked: number;
}

export const parseOracle = (text: string): Oracle => JSON.parse(text) as Oracle;
export const readOracle = (name: string): Oracle => parseOracle(recordingText(`${name}.oracle.json.gz`));

/** One change of one goroutine: `1: 20 running>waiting select by 3`, and when, apart. */
export interface Transition {
  readonly atNs: number;
  readonly text: string;
}

const STATES = ['none', 'runnable', 'running', 'syscall', 'waiting', 'unknown'];

export const readTransitions = (name: string): readonly Transition[] =>
  parseTransitions(recordingText(`${name}.transitions.gz`).trim().split('\n'));

/** As Go's reader tells them, packed; without those that only repeat a state in a new generation. */
export function parseTransitions(packed: readonly string[]): readonly Transition[] {
  const transitions: Transition[] = [];
  let atNs = 0;
  for (const line of packed) {
    const [, delta = '', goid = '', from = '', to = '', by = '', reason = ''] =
      /^(\d+) (\d+) (\d)(\d) (\S+) ?(.*)$/.exec(line) ?? [];
    atNs += Number(delta);
    if (from === to) continue;
    transitions.push({ atNs, text: transitionText(goid, Number(from), Number(to), reason, by) });
  }
  return transitions;
}

/** Who did it counts where it can be another: creations and wakes. */
function transitionText(goid: number | string, from: number, to: number, reason: string, by: number | string): string {
  const isByOther = from === 0 || (from === 4 && to === 1);
  return `${goid}: ${STATES[from]}>${STATES[to]} ${reason} ${isByOther ? `by ${by}` : ''}`.trim();
}

/** The same, out of the tables of a trace. */
export function transitionsOf(segments: readonly Segment[]): readonly Transition[] {
  const goid: number[] = [];
  const found: Transition[] = [];
  const open = new Map<number, { atNs: number; state: number } | undefined>();
  const wakers = new Map<number, number>();
  const ends = new Set<string>();
  for (const { goroutines, wakes, ends: ended } of segments) {
    for (const id of goroutines.goid) goid.push(id);
    for (let i = 0; i < wakes.length; i++) wakers.set(wakes.atNs[i]!, goidOf(goid, wakes.from[i]!));
    for (let i = 0; i < ended.length; i++) ends.add(`${ended.goroutine[i]} ${ended.endedNs[i]}`);
  }
  const parents = new Map<number, number>();
  for (const { goroutines: g } of segments) {
    for (let i = 0; i < g.length; i++) if (g.createdNs[i]! >= 0) parents.set(g.first + i, goidOf(goid, g.parent[i]!));
  }
  const rows = segments.flatMap(({ intervals, reasons }) =>
    Array.from({ length: intervals.length }, (_, i) => ({
      row: intervals.goroutine[i]!,
      startNs: intervals.startNs[i]!,
      endNs: intervals.endNs[i]!,
      state: intervals.state[i]!,
      reason: reasons[intervals.reason[i]!] ?? '?',
      isEnd: (intervals.flags[i]! & 2) === 0,
    })),
  );
  for (const { row, startNs, endNs, state, reason, isEnd } of rows) {
    const id = goid[row]!;
    if (!open.has(row)) {
      const parent = parents.get(row);
      const from = parent === undefined ? 5 : 0;
      found.push({ atNs: startNs, text: transitionText(id, from, state, '', parent ?? '') });
    } else {
      const before = open.get(row);
      if (before !== undefined) {
        const by = wakers.get(startNs) ?? '';
        found.push({ atNs: startNs, text: transitionText(id, before.state, state, reason, by) });
      }
    }
    open.set(row, isEnd ? { atNs: endNs, state } : undefined);
    if (isEnd && ends.has(`${row} ${endNs}`)) found.push({ atNs: endNs, text: transitionText(id, state, 0, '', '') });
  }
  return found.sort((a, b) => a.atNs - b.atNs);
}

const goidOf = (goid: readonly number[], row: number): number => (row === NONE ? NONE : goid[row]!);

export interface ReadTrace {
  readonly segments: readonly Segment[];
  readonly end: TraceEnd;
  readonly faults: readonly TraceFault[];
}

/** Reads a whole trace, in chunks of the given sizes, over and over; without sizes in one. */
export function readTrace(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): ReadTrace {
  const reader = createReader();
  const segments: Segment[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    segments.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  const end = reader.end();
  segments.push(...end.segments);
  return { segments, end, faults: reader.faults };
}
