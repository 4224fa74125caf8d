import { createRecordReader, rangesOf, type OutputRanges, type RunEvent } from '@observe/run';
import type { LogSource } from './log-source.ts';

/** Two ranges nearer than this are read in one go: skipping lines is cheaper than asking again. */
const GAP_SEQS = 5000;

/** An event with what the fold knew of it: no other test was active. */
export interface PlacedEvent {
  readonly event: RunEvent;
  readonly wasAlone: boolean;
}

/** The events that lie in `output`, from `fromSeq` on, in order of seq, a record's worth at a time. */
export async function* eventsIn(
  log: LogSource,
  output: OutputRanges,
  stateSeq: number,
  fromSeq = 0,
): AsyncGenerator<readonly PlacedEvent[]> {
  const reader = createRecordReader();
  for (const group of groupsOf(output, stateSeq, fromSeq)) {
    const last = group.at(-1);
    if (last === undefined) continue;
    let g = 0;
    for await (const record of log.read(Math.max(group[0]?.[0] ?? 0, fromSeq), last[1])) {
      const placed: PlacedEvent[] = [];
      for (const event of reader.read(record)) {
        while (g < group.length && event.seq >= (group[g]?.[1] ?? 0)) g++;
        const range = group[g];
        if (range === undefined) break;
        if (event.seq >= range[0] && event.seq >= fromSeq) placed.push({ event, wasAlone: range[2] === 1 });
      }
      if (placed.length > 0) yield placed;
    }
  }
}

type Range = readonly [number, number, number];

function groupsOf(output: OutputRanges, stateSeq: number, fromSeq: number): Range[][] {
  const groups: Range[][] = [];
  let end = -1;
  for (const range of rangesOf(output, stateSeq)) {
    if (range[1] <= fromSeq) continue;
    const group = groups.at(-1);
    if (group === undefined || range[0] - end > GAP_SEQS) groups.push([range]);
    else group.push(range);
    end = range[1];
  }
  return groups;
}
