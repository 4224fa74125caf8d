import { threadId } from './batches.ts';
import type { ByteReader } from './bytes.ts';
import { F64Column } from './columns.ts';
import type { FaultList } from './fault.ts';
import type { GenerationBuffer } from './generation.ts';
import { readTableBatch } from './table-batch.ts';
import { NONE } from './tables.ts';

const SAMPLE = 7;
const FREQUENCY = 8;
const SYNC = 50;
const CLOCK_SNAPSHOT = 51;

/** What a generation says of its clock; trace clock units. */
export interface ClockReading {
  frequencyHz: number | undefined;
  snapshot: { readonly time: number; readonly monoNs: bigint; readonly s: number; readonly ns: number } | undefined;
}

/** What a generation tells beside its events that has a time: clocks, CPU samples. One of these serves all generations. */
export class TimedTables {
  clock: ClockReading = { frequencyHz: undefined, snapshot: undefined };
  /** CPU samples, as they came. `time` in trace clock units. */
  readonly sampleTime = new F64Column();
  readonly sampleThread = new F64Column();
  readonly sampleProc = new F64Column();
  readonly sampleGoid = new F64Column();
  readonly sampleStack = new F64Column();
  readonly #faults: FaultList;

  constructor(faults: FaultList) {
    this.#faults = faults;
  }

  read(generation: GenerationBuffer): void {
    const { bytes } = generation;
    this.clock = { frequencyHz: undefined, snapshot: undefined };
    this.sampleTime.length = this.sampleThread.length = this.sampleProc.length = 0;
    this.sampleGoid.length = this.sampleStack.length = 0;
    for (const batch of generation.clocks) {
      const time = generation.time.values[batch] as number;
      readTableBatch(bytes, generation.place(batch), this.#faults, (reader) => this.#readClock(reader, time));
    }
    for (const batch of generation.samples) {
      readTableBatch(bytes, generation.place(batch), this.#faults, (reader) => this.#readSample(reader));
    }
  }

  #readSample(reader: ByteReader): string | undefined {
    const type = reader.byte();
    if (type !== SAMPLE) return `expected a CPU sample, found byte ${type}`;
    const time = reader.varint();
    const thread = threadId(reader.varint());
    const proc = threadId(reader.varint());
    const goid = reader.varint();
    const stack = reader.varint();
    if (reader.isCut) return undefined;
    this.sampleTime.push(time);
    this.sampleThread.push(thread);
    this.sampleProc.push(proc);
    this.sampleGoid.push(goid === 0 ? NONE : goid);
    this.sampleStack.push(stack);
    return undefined;
  }

  #readClock(reader: ByteReader, batchTime: number): string | undefined {
    const type = reader.byte();
    if (type === FREQUENCY) {
      const frequency = reader.varint();
      if (!reader.isCut && frequency > 0) this.clock.frequencyHz ??= frequency;
      return undefined;
    }
    if (type !== CLOCK_SNAPSHOT) return type === SYNC ? undefined : `expected a clock, found byte ${type}`;
    const time = batchTime + reader.varint();
    const monoNs = reader.wide();
    const s = reader.varint();
    const ns = reader.varint();
    if (!reader.isCut && ns < 1e9) this.clock.snapshot ??= { time, monoNs, s, ns };
    return undefined;
  }
}
