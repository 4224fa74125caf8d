import { BatchSplitter, type Batch } from './batches.ts';
import { TraceClock } from './clock.ts';
import { FaultList, type TraceFault } from './fault.ts';
import { GenerationBuffer } from './generation.ts';
import { GenerationTables } from './generation-tables.ts';
import { LIMITS, type Limits } from './limits.ts';
import { ReasonList } from './reasons.ts';
import { Scheduler } from './scheduler.ts';
import { SymbolBuilder } from './symbols.ts';
import type { ClockSnapshot, RangeTable, RegionTable, Segment, TaskTable } from './tables.ts';
import { Timeline } from './timeline.ts';
import { HEADER_BYTES, NEWEST_VERSION, OLDEST_VERSION, parseHeader } from './version.ts';

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
  /** What has not ended: rows whose `endNs` is OPEN. */
  readonly open: { readonly tasks: TaskTable; readonly regions: RegionTable; readonly ranges: RangeTable };
}

/**
 * `onSegment`, when it is given, gets each segment as soon as its tables are done, and `push` and `end` return none. Of a large
 * generation then only a part is in memory at one time, if the callback keeps none. It must not call the reader.
 */
export function createReader(limits: Partial<Limits> = {}, onSegment?: (segment: Segment) => void): Reader {
  return new TraceReader({ ...LIMITS, ...limits }, onSegment);
}

class TraceReader implements Reader {
  version: number | undefined;
  readonly #faults: FaultList;
  readonly #symbols = new SymbolBuilder();
  readonly #reasons = new ReasonList();
  readonly #clock = new TraceClock();
  readonly #timeline: Timeline;
  readonly #generation: GenerationBuffer;
  readonly #tables: GenerationTables;
  readonly #scheduler: Scheduler;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerLength = 0;
  /** Undefined before the header, and after one that is not ours. */
  #splitter: BatchSplitter | undefined;
  #segments: Segment[] = [];
  readonly #onSegment: ((segment: Segment) => void) | undefined;
  #isOver = false;

  constructor(limits: Limits, onSegment: ((segment: Segment) => void) | undefined) {
    this.#onSegment = onSegment;
    this.#faults = new FaultList(limits.faults);
    this.#timeline = new Timeline(limits.segmentIntervals);
    this.#generation = new GenerationBuffer(limits.generationBytes);
    this.#tables = new GenerationTables(this.#symbols, this.#reasons, this.#faults);
    this.#scheduler = new Scheduler(this.#generation, this.#tables, this.#clock, this.#timeline, this.#faults, limits);
  }

  get faults(): readonly TraceFault[] {
    return this.#faults.faults;
  }

  get droppedFaults(): number {
    return this.#faults.dropped;
  }

  push(chunk: Uint8Array): readonly Segment[] {
    if (this.#isOver) return [];
    const used = this.#readHeader(chunk);
    if (used < chunk.length) this.#splitter?.push(used === 0 ? chunk : chunk.subarray(used));
    return this.#takeSegments();
  }

  end(): TraceEnd {
    if (!this.#isOver) this.#finish();
    this.#isOver = true;
    const { runtime } = this.#scheduler;
    const dropped = runtime.takeDropped();
    if (dropped > 0) {
      this.#faults.add('too-large', this.#generation.endOffset, `${dropped} user tasks and regions found no room`);
    }
    runtime.close();
    const { tasks, regions, ranges } = runtime.take();
    return { segments: this.#takeSegments(), open: { tasks, regions, ranges } };
  }

  #finish(): void {
    if (this.#headerLength < HEADER_BYTES) {
      const message = `the file ends after ${this.#headerLength} bytes; the header of a Go execution trace has ${HEADER_BYTES}`;
      this.#faults.add('bad-header', 0, message);
    }
    const splitter = this.#splitter;
    if (splitter === undefined) return;
    if (splitter.offset === HEADER_BYTES && !splitter.isBroken) {
      const message = 'the file has no whole batch: the process died before the first generation was written';
      this.#faults.add('truncated', HEADER_BYTES, message);
      return;
    }
    if (splitter.restLength > 0) {
      this.#faults.add(
        'truncated',
        splitter.offset,
        `the file ends inside of a batch, after ${splitter.restLength} bytes of it`,
      );
    }
    if (this.#generation.number === 0) return;
    // Before 1.26 the end of the file ends a generation. A process that was killed may have left less, which only shows when
    // what comes last, the tables, is not there.
    const isMarked = this.#hasEndOfGeneration;
    if (isMarked) {
      const message = 'the file ends inside of a generation; the process was killed, or is still writing';
      this.#faults.add('truncated', this.#generation.endOffset, message);
    }
    this.#readGeneration(!isMarked && splitter.restLength === 0 && !splitter.isBroken);
  }

  get #hasEndOfGeneration(): boolean {
    return (this.version ?? 0) >= 26;
  }

  /** Bytes of the chunk that belong to the header. */
  #readHeader(chunk: Uint8Array): number {
    const used = Math.min(HEADER_BYTES - this.#headerLength, chunk.length);
    if (used === 0) return 0;
    this.#header.set(chunk.subarray(0, used), this.#headerLength);
    this.#headerLength += used;
    if (this.#headerLength < HEADER_BYTES) return used;
    this.version = parseHeader(this.#header);
    const wrong = judgeVersion(this.version);
    if (wrong !== undefined) this.#faults.add(wrong.kind, 0, wrong.message);
    if (wrong === undefined || wrong.kind === 'newer-version') {
      this.#splitter = new BatchSplitter(this.#sink(), HEADER_BYTES, this.#hasEndOfGeneration);
    }
    return used;
  }

  #sink(): ConstructorParameters<typeof BatchSplitter>[0] {
    return {
      batch: (batch) => {
        this.#batch(batch);
      },
      endOfGeneration: () => {
        if (this.#generation.number !== 0) this.#readGeneration(true);
      },
      broken: (offset, message) => {
        this.#faults.add('bad-batch', offset, `${message}; nothing after this place can be read`);
      },
    };
  }

  #batch(batch: Batch): void {
    const generation = this.#generation;
    if (generation.number !== 0 && batch.generation !== generation.number) {
      const isMissingEnd = this.#hasEndOfGeneration;
      if (isMissingEnd || batch.generation !== generation.number + 1) {
        const message = `generation ${batch.generation} comes inside of ${generation.number}`;
        this.#faults.add('bad-batch', batch.offset, message);
      }
      this.#readGeneration(!isMissingEnd);
    }
    if (generation.number === 0) generation.begin(batch.generation, batch.offset);
    generation.add(batch);
  }

  #readGeneration(isWhole: boolean): void {
    const generation = this.#generation;
    const tables = this.#tables;
    const timeline = this.#timeline;
    tables.read(generation);
    if (tables.clock.frequencyHz === undefined) {
      this.#faults.add('no-clock', generation.offset, 'a generation without a clock; it got that of the one before');
    }
    if (generation.dropped > 0) {
      this.#faults.add('too-large', generation.offset, `${generation.dropped} batches of a generation found no room`);
    }
    this.#clock.begin(tables.clock, generation.minTime, timeline.lastNs);
    let startNs = this.#clock.ns(generation.minTime);
    let part = 0;
    const take = (isLast: boolean): void => {
      const isComplete =
        isWhole &&
        generation.dropped === 0 &&
        tables.clock.frequencyHz !== undefined &&
        tables.missingStacks === 0 &&
        tables.strings.missing === 0;
      const segment = this.#segment(startNs, part++, isLast, isComplete);
      if (this.#onSegment === undefined) this.#segments.push(segment);
      else this.#onSegment(segment);
      startNs = timeline.lastNs;
    };
    this.#scheduler.run(startNs, () => {
      take(false);
    });
    take(true);
    generation.begin(0, generation.endOffset);
  }

  #segment(startNs: number, part: number, isLast: boolean, isComplete: boolean): Segment {
    const generation = this.#generation;
    const samples = this.#scheduler.samples.take();
    const byteLength = generation.endOffset - generation.offset + (isComplete && this.#hasEndOfGeneration ? 1 : 0);
    return {
      generation: generation.number,
      part,
      isLast,
      isComplete,
      offset: generation.offset,
      byteLength: isLast ? byteLength : 0,
      startNs,
      endNs: this.#timeline.lastNs,
      events: this.#scheduler.events,
      frequencyHz: this.#clock.frequencyHz,
      originMonoNs: this.#clock.originMonoNs,
      clock: this.#snapshot(),
      reasons: this.#reasons.texts,
      ...this.#timeline.take(),
      ...this.#scheduler.runtime.take(),
      samples,
      symbols: this.#symbols.take(),
      experimental: isLast ? generation.experimental : [],
    };
  }

  #snapshot(): ClockSnapshot | undefined {
    const { snapshot } = this.#tables.clock;
    if (snapshot === undefined) return undefined;
    return {
      atNs: this.#clock.ns(snapshot.time),
      monoNs: snapshot.monoNs,
      wall: { s: snapshot.s, ns: snapshot.ns, zoneMin: 0 },
    };
  }

  #takeSegments(): readonly Segment[] {
    const segments = this.#segments;
    this.#segments = [];
    return segments;
  }
}

function judgeVersion(version: number | undefined): Pick<TraceFault, 'kind' | 'message'> | undefined {
  if (version === undefined) {
    return { kind: 'bad-header', message: 'not a Go execution trace: it does not begin with `go 1.NN trace`' };
  }
  if (version < OLDEST_VERSION) {
    const message = `a trace of Go 1.${version}, in the old format: record it again with Go 1.22 or later, or open it with \`go tool trace\``;
    return { kind: 'old-version', message };
  }
  if (version > NEWEST_VERSION) {
    const message = `a trace of format 1.${version}, newer than this reader (1.${NEWEST_VERSION}): it is read by the newest known rules`;
    return { kind: 'newer-version', message };
  }
  return undefined;
}
