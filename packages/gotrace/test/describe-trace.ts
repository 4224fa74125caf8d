import { METRIC_KIND, NONE, RANGE_KIND, SymbolTable, type Segment } from '../src/index.ts';
import type { ReadTrace } from './recordings.ts';

const STATES = ['none', 'runnable', 'running', 'syscall', 'waiting'];
const KINDS = Object.keys(RANGE_KIND);

/** What goroutines did, a line each: `1 running 2–5, waiting select 5–9…`; `…`: it goes on, `…` before: it began earlier. */
export function lanesText({ segments }: ReadTrace): readonly string[] {
  const lanes: string[][] = [];
  const goids: number[] = [];
  for (const { intervals, goroutines, reasons } of segments) {
    goids.push(...goroutines.goid);
    for (let i = 0; i < intervals.length; i++) {
      const row = intervals.goroutine[i]!;
      const flags = intervals.flags[i]!;
      const reason = reasons[intervals.reason[i]!] ?? '';
      const state = `${STATES[intervals.state[i]!]}${reason === '' ? '' : ` (${reason})`}`;
      const [start, end] = [intervals.startNs[i]!, intervals.endNs[i]!];
      (lanes[row] ??= []).push(`${state} ${flags & 1 ? '…' : ''}${start}–${end}${flags & 2 ? '…' : ''}`);
    }
  }
  return lanes.map((lane, row) => `${goids[row]}: ${lane.join(', ')}`);
}

const allRows = <T>(segments: readonly Segment[], rows: (segment: Segment, symbols: SymbolTable) => T[]): T[] => {
  const symbols = new SymbolTable();
  return segments.flatMap((segment) => {
    symbols.add(segment.symbols);
    return rows(segment, symbols);
  });
};

/** Goids in row order; NONE stays NONE. */
export function goidsOf(segments: readonly Segment[]): (row: number) => number {
  const goids = segments.flatMap(({ goroutines }) => [...goroutines.goid]);
  return (row) => (row === NONE ? NONE : (goids[row] ?? NaN));
}

/** `2 wakes 1 @5 after 3 at f`. */
export function wakesText({ segments }: ReadTrace): readonly string[] {
  const goid = goidsOf(segments);
  return allRows(segments, ({ wakes }, symbols) =>
    Array.from({ length: wakes.length }, (_, i) => {
      const at = symbols.framesOf(wakes.stack[i]!)[0]?.func;
      const text = `${goid(wakes.from[i]!)} wakes ${goid(wakes.to[i]!)} @${wakes.atNs[i]} after ${wakes.waitNs[i]}`;
      return at === undefined ? text : `${text} at ${at}`;
    }),
  );
}

/** `gc 3–9`, `markAssist 4–6 by 1`, `stopTheWorld 4–6 by 1 (start trace)`; open ones last. */
export function rangesText({ segments, end }: ReadTrace): readonly string[] {
  const goid = goidsOf(segments);
  const symbols = allSymbols(segments);
  return [...segments.map(({ ranges }) => ranges), end.open.ranges].flatMap((ranges) =>
    Array.from({ length: ranges.length }, (_, i) => {
      const by = ranges.goroutine[i] === NONE ? '' : ` by ${goid(ranges.goroutine[i]!)}`;
      const name = symbols.string(ranges.name[i]!);
      const bytes = ranges.sweptBytes[i] === 0 ? '' : ` ${ranges.sweptBytes[i]}/${ranges.reclaimedBytes[i]}`;
      return `${KINDS[ranges.kind[i]!]} ${ranges.startNs[i]}–${ranges.endNs[i]}${by}${name && ` (${name})`}${bytes}`;
    }),
  );
}

const allSymbols = (segments: readonly Segment[]): SymbolTable => {
  const symbols = new SymbolTable();
  for (const segment of segments) symbols.add(segment.symbols);
  return symbols;
};

/** `region name of task 2 by 1 3–9`, `task 2 name < 0 by 1 3–9`, `log 2 category: message by 1 @5`. */
export function annotationsText({ segments, end }: ReadTrace): readonly string[] {
  const goid = goidsOf(segments);
  const symbols = allSymbols(segments);
  const range = (t: { startNs: Float64Array; endNs: Float64Array }, i: number): string =>
    `${t.startNs[i]}–${t.endNs[i]}`;
  const logsOf = ({ logs }: Segment): readonly string[] =>
    Array.from(logs.atNs, (atNs, i) => {
      const category = symbols.string(logs.category[i]!);
      return `log ${logs.task[i]} ${category}: ${logs.message[i]} by ${goid(logs.goroutine[i]!)} @${atNs}`;
    });
  const parts = [...segments.map((segment) => ({ ...segment, texts: logsOf(segment) })), { ...end.open, texts: [] }];
  return parts.flatMap((part) => [
    ...Array.from(part.regions.name, (row, i) => {
      const { regions } = part;
      const name = symbols.string(row);
      return `region ${name} of task ${regions.task[i]} by ${goid(regions.goroutine[i]!)} ${range(regions, i)}`;
    }),
    ...Array.from(part.tasks.name, (row, i) => {
      const { tasks } = part;
      const name = symbols.string(row);
      return `task ${tasks.id[i]} ${name} < ${tasks.parent[i]} by ${goid(tasks.goroutine[i]!)} ${range(tasks, i)}`;
    }),
    ...part.texts,
  ]);
}

/** `@1 heapAllocBytes 5`. */
export const metricsText = ({ segments }: ReadTrace): readonly string[] =>
  segments.flatMap(({ metrics }) =>
    Array.from(metrics.atNs, (atNs, i) => `@${atNs} ${Object.keys(METRIC_KIND)[metrics.kind[i]!]} ${metrics.value[i]}`),
  );
