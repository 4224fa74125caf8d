import { NONE, RANGE_KIND, SymbolTable, type Segment } from '../src/index.ts';
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
  const symbols = new SymbolTable();
  for (const segment of segments) symbols.add(segment.symbols);
  return [...segments.map(({ ranges }) => ranges), end.open.ranges].flatMap((ranges) =>
    Array.from({ length: ranges.length }, (_, i) => {
      const by = ranges.goroutine[i] === NONE ? '' : ` by ${goid(ranges.goroutine[i]!)}`;
      const name = symbols.string(ranges.name[i]!);
      const bytes = ranges.sweptBytes[i] === 0 ? '' : ` ${ranges.sweptBytes[i]}/${ranges.reclaimedBytes[i]}`;
      return `${KINDS[ranges.kind[i]!]} ${ranges.startNs[i]}–${ranges.endNs[i]}${by}${name && ` (${name})`}${bytes}`;
    }),
  );
}
