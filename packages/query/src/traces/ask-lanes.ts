import { LaneIndex, NONE } from '@observe/gotrace';
import { SCHEMA, type GoState, type LanesAnswer } from '@observe/protocol';
import type { KeptSegment } from '@observe/run';
import { goStateName } from './go-states.ts';
import type { TraceWindow } from './questions.ts';
import { StackList } from './stack-list.ts';
import type { TracedProcess } from './traced-process.ts';

/** What single goroutines did in a window, at the width of a pixel. Goroutines that are not there are left out. */
export function askLanes(
  processes: readonly TracedProcess[],
  wanted: readonly { readonly process: string; readonly goid: number }[],
  window: TraceWindow,
): LanesAnswer {
  const stacks = new StackList();
  const lanes: LanesAnswer['lanes'] = [];
  for (const { process: artifact, goid } of wanted) {
    const process = processes.find((one) => one.artifact === artifact);
    const row = process === undefined ? NONE : rowOf(process, goid);
    if (process !== undefined && row !== NONE) lanes.push(laneOf(process, row, goid, window, stacks));
  }
  return { schema: SCHEMA, fromNs: window.fromNs, toNs: window.toNs, lanes, stacks: stacks.stacks };
}

function rowOf({ trace }: TracedProcess, goid: number): number {
  const { goid: goids } = trace.goroutines;
  for (let row = 0; row < goids.length; row++) if (goids.values[row] === goid) return row;
  return NONE;
}

function laneOf(
  process: TracedProcess,
  goroutine: number,
  goid: number,
  { fromNs, toNs, width }: TraceWindow,
  stacks: StackList,
): LanesAnswer['lanes'][number] {
  const { kept, symbols, reasons } = process.trace;
  const lane = {
    process: process.artifact,
    goid,
    knownFromNs: kept.fromNs === 0 ? null : process.runNs(kept.fromNs),
    startNs: [] as number[],
    endNs: [] as number[],
    state: [] as GoState[],
    reason: [] as string[],
    stack: [] as (number | null)[],
  };
  const [from, to] = [process.traceNs(fromNs), process.traceNs(toNs)];
  if (from === undefined || to === undefined) return lane;
  for (const segment of kept.segments) {
    if (segment.endNs <= from || segment.startNs >= to) continue;
    const [start, end] = [Math.max(from, segment.startNs), Math.min(to, segment.endNs)];
    const pixels = Math.ceil((width * (end - start)) / (to - from)) + 1;
    const { intervals } = segment;
    for (const row of indexOf(segment).visibleRows(goroutine, start, end, pixels)) {
      const state = goStateName(intervals.state[row] as number);
      const startNs = process.runNs(Math.max(from, intervals.startNs[row] as number));
      const endNs = process.runNs(Math.min(to, intervals.endNs[row] as number));
      if (state === undefined || startNs === null || endNs === null) continue;
      const reason = state === 'waiting' ? (reasons[intervals.reason[row] as number] ?? '') : '';
      const stack = stacks.indexOf(symbols, intervals.stack[row] as number);
      const last = lane.endNs.length - 1;
      // A state that crosses the border of segments is one.
      if (
        lane.endNs[last] === startNs &&
        lane.state[last] === state &&
        lane.reason[last] === reason &&
        lane.stack[last] === stack
      ) {
        lane.endNs[last] = endNs;
        continue;
      }
      lane.startNs.push(startNs);
      lane.endNs.push(endNs);
      lane.state.push(state);
      lane.reason.push(reason);
      lane.stack.push(stack);
    }
  }
  return lane;
}

const indexes = new WeakMap<KeptSegment, LaneIndex>();
function indexOf(segment: KeptSegment): LaneIndex {
  let index = indexes.get(segment);
  if (index === undefined) indexes.set(segment, (index = new LaneIndex(segment.intervals)));
  return index;
}
