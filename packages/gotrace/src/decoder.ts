import { BatchSplitter, type Batch } from './batches.ts';
import type { ChangeSink } from './changes.ts';
import { TraceClock } from './clock.ts';
import type { FaultList, TraceFault } from './fault.ts';
import { GenerationBuffer } from './generation.ts';
import type { Limits } from './limits.ts';
import { Scheduler } from './scheduler.ts';
import type { ClockSnapshot } from './tables.ts';
import { TimedTables } from './timed-tables.ts';
import { HEADER_BYTES, NEWEST_VERSION, OLDEST_VERSION, parseHeader } from './version.ts';

/** Bytes to changes, in order: the first half of a reader. */
export class Decoder {
  version: number | undefined;
  readonly #faults: FaultList;
  readonly #sink: ChangeSink;
  readonly #clock = new TraceClock();
  readonly #generation: GenerationBuffer;
  readonly #tables: TimedTables;
  readonly #scheduler: Scheduler;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerLength = 0;
  /** Undefined before the header, and after one that is not ours. */
  #splitter: BatchSplitter | undefined;

  constructor(limits: Limits, faults: FaultList, sink: ChangeSink) {
    this.#faults = faults;
    this.#sink = sink;
    this.#generation = new GenerationBuffer(limits.generationBytes);
    this.#tables = new TimedTables(faults);
    this.#scheduler = new Scheduler(this.#generation, this.#tables, this.#clock, sink, faults, limits);
  }

  push(chunk: Uint8Array): void {
    const used = this.#readHeader(chunk);
    if (used < chunk.length) this.#splitter?.push(used === 0 ? chunk : chunk.subarray(used));
  }

  /** No more bytes come. Returns where the last generation ended. */
  finish(): number {
    if (this.#headerLength < HEADER_BYTES) {
      const message = `the file ends after ${this.#headerLength} bytes; the header of a Go execution trace has ${HEADER_BYTES}`;
      this.#faults.add('bad-header', 0, message);
    }
    const splitter = this.#splitter;
    if (splitter === undefined) return 0;
    if (splitter.offset === HEADER_BYTES && !splitter.isBroken) {
      const message = 'the file has no whole batch: the process died before the first generation was written';
      this.#faults.add('truncated', HEADER_BYTES, message);
      return HEADER_BYTES;
    }
    if (splitter.restLength > 0) {
      this.#faults.add(
        'truncated',
        splitter.offset,
        `the file ends inside of a batch, after ${splitter.restLength} bytes of it`,
      );
    }
    if (this.#generation.number === 0) return this.#generation.endOffset;
    // Before 1.26 the end of the file ends a generation. A process that was killed may have left less, which only shows when
    // what comes last, the tables, is not there.
    const isMarked = this.#hasEndOfGeneration;
    if (isMarked) {
      const message = 'the file ends inside of a generation; the process was killed, or is still writing';
      this.#faults.add('truncated', this.#generation.endOffset, message);
    }
    this.#readGeneration(!isMarked && splitter.restLength === 0 && !splitter.isBroken);
    return this.#generation.endOffset;
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
      this.#splitter = new BatchSplitter(this.#batches(), HEADER_BYTES, this.#hasEndOfGeneration);
    }
    return used;
  }

  #batches(): ConstructorParameters<typeof BatchSplitter>[0] {
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
    const sink = this.#sink;
    tables.read(generation);
    if (tables.clock.frequencyHz === undefined) {
      this.#faults.add('no-clock', generation.offset, 'a generation without a clock; it got that of the one before');
    }
    if (generation.dropped > 0) {
      this.#faults.add('too-large', generation.offset, `${generation.dropped} batches of a generation found no room`);
    }
    this.#clock.begin(tables.clock, generation.minTime, sink.lastNs);
    const startNs = this.#clock.ns(generation.minTime);
    sink.tick(startNs); // Go's reader tells the generation's begin by an event
    const head = {
      number: generation.number,
      offset: generation.offset,
      frequencyHz: this.#clock.frequencyHz,
      originMonoNs: this.#clock.originMonoNs,
      clock: this.#snapshot(),
      isWhole: isWhole && generation.dropped === 0 && tables.clock.frequencyHz !== undefined,
      markBytes: this.#hasEndOfGeneration ? 1 : 0,
      startNs,
    };
    sink.begin(head, generation.tables());
    this.#scheduler.run();
    sink.end(generation.endOffset, generation.experimental);
    generation.begin(0, generation.endOffset);
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
