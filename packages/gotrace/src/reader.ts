import { Decoder } from './decoder.ts';
import { FaultList, type TraceFault } from './fault.ts';
import { LIMITS, type Limits } from './limits.ts';
import { TableWriter, type OpenTables } from './table-writer.ts';
import type { Segment } from './tables.ts';

/** Reads one trace. Never throws, whatever the bytes. */
export interface Reader {
  /** Takes the next bytes, cut anywhere. Returns the generations that they complete, in order; mostly none. */
  push(chunk: Uint8Array): readonly Segment[];
  /** The trace is over. A second call gives an empty end. */
  end(): TraceEnd;
  /** Minor version of the header: 26 for `go 1.26 trace`; undefined until 16 good bytes came. */
  readonly version: number | undefined;
  /** What is wrong so far; the first ones, by offset of their generation. */
  readonly faults: readonly TraceFault[];
  /** Faults beyond the limit. */
  readonly droppedFaults: number;
}

/** What is known only when no more bytes come. */
export interface TraceEnd {
  /** The last generation, where its end is not marked (before Go 1.26), or what there is of it. */
  readonly segments: readonly Segment[];
  readonly open: OpenTables;
}

/**
 * `onSegment`, when it is given, gets each segment as soon as its tables are done, and `push` and `end` return none. Of a large
 * generation then only a part is in memory at one time, if the callback keeps none. It must not call the reader.
 */
export function createReader(limits: Partial<Limits> = {}, onSegment?: (segment: Segment) => void): Reader {
  const all = { ...LIMITS, ...limits };
  const list = new FaultList(all.faults);
  let segments: Segment[] = [];
  const writer = new TableWriter(all, list, onSegment ?? ((segment) => void segments.push(segment)));
  const decoder = new Decoder(all, list, writer);
  let isOver = false;
  const taken = (): readonly Segment[] => {
    const done = segments;
    segments = [];
    return done;
  };
  return {
    push(chunk) {
      if (!isOver) decoder.push(chunk);
      return taken();
    },
    end() {
      const endOffset = isOver ? 0 : decoder.finish();
      isOver = true;
      return { open: writer.finish(endOffset), segments: taken() };
    },
    get version() {
      return decoder.version;
    },
    get faults() {
      return list.faults;
    },
    get droppedFaults() {
      return list.dropped;
    },
  };
}
