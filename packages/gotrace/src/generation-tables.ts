import { threadId } from './batches.ts';
import { ByteReader } from './bytes.ts';
import { F64Column, I32Column } from './columns.ts';
import type { FaultList } from './fault.ts';
import type { GenerationBuffer } from './generation.ts';
import { IdMap } from './id-map.ts';
import { MAX_FRAMES, MAX_STRING_BYTES } from './limits.ts';
import { LocalIds } from './local-ids.ts';
import { LocalStrings } from './local-strings.ts';
import type { ReasonList } from './reasons.ts';
import type { SymbolBuilder } from './symbols.ts';
import { NONE } from './tables.ts';

const STRING = 5;
const STACK = 3;
const SAMPLE = 7;
const FREQUENCY = 8;
const SYNC = 50;
const CLOCK_SNAPSHOT = 51;

/** What a generation says of its clock; trace clock units. */
export interface ClockReading {
  frequencyHz: number | undefined;
  snapshot: { readonly time: number; readonly monoNs: bigint; readonly s: number; readonly ns: number } | undefined;
}

/** The tables of one generation: strings, stacks, samples, clocks. One of these serves all generations. */
export class GenerationTables {
  readonly strings: LocalStrings;
  /** Ids of stacks asked for that the generation has not. */
  missingStacks = 0;
  clock: ClockReading = { frequencyHz: undefined, snapshot: undefined };
  /** CPU samples, as they came. `time` in trace clock units. */
  readonly sampleTime = new F64Column();
  readonly sampleThread = new F64Column();
  readonly sampleProc = new F64Column();
  readonly sampleGoid = new F64Column();
  readonly sampleStack = new F64Column();
  readonly #stackRows = new LocalIds();
  /** Frames of this generation by their program counter, so that most need no look at their names. */
  readonly #frameByPc = new IdMap();
  readonly #frameFunc = new F64Column();
  readonly #frameFile = new F64Column();
  readonly #frameLine = new F64Column();
  readonly #frameRow = new I32Column();
  readonly #stackFrames = new Int32Array(MAX_FRAMES);
  readonly #symbols: SymbolBuilder;
  readonly #faults: FaultList;

  constructor(symbols: SymbolBuilder, reasons: ReasonList, faults: FaultList) {
    this.#symbols = symbols;
    this.#faults = faults;
    this.strings = new LocalStrings(symbols, reasons);
  }

  /** Reads the tables of a generation that is whole, or is all there will be. */
  read(generation: GenerationBuffer): void {
    this.missingStacks = 0;
    this.clock = { frequencyHz: undefined, snapshot: undefined };
    this.strings.begin(generation.bytes);
    this.#stackRows.clear();
    this.#frameByPc.clear();
    this.#frameFunc.length = this.#frameFile.length = this.#frameLine.length = this.#frameRow.length = 0;
    this.sampleTime.length = this.sampleThread.length = this.sampleProc.length = 0;
    this.sampleGoid.length = this.sampleStack.length = 0;
    for (const batch of generation.clocks) this.#table(generation, batch, (r) => this.#readClock(r, batch, generation));
    for (const batch of generation.strings) this.#table(generation, batch, (reader) => this.#readString(reader));
    for (const batch of generation.stacks) this.#table(generation, batch, (reader) => this.#readStack(reader));
    for (const batch of generation.samples) this.#table(generation, batch, (reader) => this.#readSample(reader));
  }

  /** Row of the trace's stacks; NONE for id 0. */
  stack(id: number): number {
    if (id === 0) return NONE;
    const row = this.#stackRows.get(id);
    if (row < 0) this.missingStacks++;
    return row;
  }

  /** Row of the strings: the function of a one-frame stack, with which a goroutine was started. */
  startFunc(stack: number): number {
    return this.#symbols.innermostFunc(stack);
  }

  /** Reads records until the batch ends. `read` tells what is wrong with one, if anything; the rest is then lost. */
  #table(generation: GenerationBuffer, batch: number, read: (reader: ByteReader) => string | undefined): void {
    const start = generation.start.values[batch] as number;
    const reader = new ByteReader(generation.bytes, start, generation.end.values[batch] as number);
    // A lone frequency has no type byte of its own before the record.
    if (generation.bytes[start] !== FREQUENCY) reader.byte();
    while (!reader.isDone) {
      const { at } = reader;
      const wrong = read(reader) ?? (reader.isCut ? 'a record is cut' : undefined);
      if (wrong === undefined) continue;
      this.#faults.add('bad-table', generation.offsetOf(batch, at), `${wrong}; the rest of its batch is lost`);
      return;
    }
  }

  #readString(reader: ByteReader): string | undefined {
    const type = reader.byte();
    if (type !== STRING) return `expected a string, found byte ${type}`;
    const id = reader.varint();
    const length = reader.varint();
    if (length > MAX_STRING_BYTES) return `a string of ${length} bytes; Go writes at most ${MAX_STRING_BYTES}`;
    const { at } = reader;
    reader.skip(length);
    if (!reader.isCut) this.strings.add(id, at, at + length);
    return undefined;
  }

  #readStack(reader: ByteReader): string | undefined {
    const type = reader.byte();
    if (type !== STACK) return `expected a stack, found byte ${type}`;
    const id = reader.varint();
    const count = reader.varint();
    if (count > MAX_FRAMES) return `a stack of ${count} frames; Go writes at most ${MAX_FRAMES}`;
    for (let i = 0; i < count; i++) {
      const pc = reader.varint();
      const func = reader.varint();
      const file = reader.varint();
      const line = reader.varint();
      if (reader.isCut) return undefined;
      this.#stackFrames[i] = this.#frame(pc, func, file, line);
    }
    if (reader.isCut) return undefined;
    let row = NONE;
    for (let i = count - 1; i >= 0; i--) row = this.#symbols.stack(row, this.#stackFrames[i] as number);
    if (row !== NONE) this.#stackRows.set(id, row);
    return undefined;
  }

  #frame(pc: number, func: number, file: number, line: number): number {
    const known = this.#frameByPc.get(pc);
    if (
      known >= 0 &&
      this.#frameFunc.values[known] === func &&
      this.#frameLine.values[known] === line &&
      this.#frameFile.values[known] === file
    ) {
      return this.#frameRow.values[known] as number;
    }
    // The same counter may stand for several frames where functions were inlined: then only the first is remembered.
    const row = this.#symbols.frame(this.strings.row(func), this.strings.row(file), Math.min(line, 0x7fffffff));
    if (known < 0) {
      this.#frameByPc.set(pc, this.#frameRow.length);
      this.#frameFunc.push(func);
      this.#frameFile.push(file);
      this.#frameLine.push(line);
      this.#frameRow.push(row);
    }
    return row;
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

  #readClock(reader: ByteReader, batch: number, generation: GenerationBuffer): string | undefined {
    const type = reader.byte();
    if (type === FREQUENCY) {
      const frequency = reader.varint();
      if (!reader.isCut && frequency > 0) this.clock.frequencyHz ??= frequency;
      return undefined;
    }
    if (type !== CLOCK_SNAPSHOT) return type === SYNC ? undefined : `expected a clock, found byte ${type}`;
    const time = (generation.time.values[batch] as number) + reader.varint();
    const monoNs = reader.wide();
    const s = reader.varint();
    const ns = reader.varint();
    if (!reader.isCut && ns < 1e9) this.clock.snapshot ??= { time, monoNs, s, ns };
    return undefined;
  }
}
