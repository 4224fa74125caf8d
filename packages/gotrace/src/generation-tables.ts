import type { ByteReader } from './bytes.ts';
import type { TableSource } from './changes.ts';
import { F64Column, I32Column } from './columns.ts';
import type { FaultList } from './fault.ts';
import { IdMap } from './id-map.ts';
import { MAX_FRAMES, MAX_STRING_BYTES } from './limits.ts';
import { LocalIds } from './local-ids.ts';
import { LocalStrings } from './local-strings.ts';
import type { ReasonList } from './reasons.ts';
import type { SymbolBuilder } from './symbols.ts';
import { readTableBatch } from './table-batch.ts';
import { NONE } from './tables.ts';

const STRING = 5;
const STACK = 3;

/** The strings and stacks of one generation. One of these serves all generations. */
export class GenerationTables {
  readonly strings: LocalStrings;
  /** Ids of stacks asked for that the generation has not. */
  missingStacks = 0;
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
  read({ bytes, strings, stacks }: TableSource): void {
    this.missingStacks = 0;
    this.strings.begin(bytes);
    this.#stackRows.clear();
    this.#frameByPc.clear();
    this.#frameFunc.length = this.#frameFile.length = this.#frameLine.length = this.#frameRow.length = 0;
    const faults = this.#faults;
    for (const batch of strings) readTableBatch(bytes, batch, faults, (reader) => this.#readString(reader));
    for (const batch of stacks) readTableBatch(bytes, batch, faults, (reader) => this.#readStack(reader));
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
}
