import { detach } from '@observe/base';
import type { BlockTable } from './coverage.ts';

/** One line of a profile. */
export interface BlockLine {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly statements: number;
  readonly count: number;
}

/** A file whose blocks overlap, and the line of the profile that told the second. */
export interface Overlap {
  readonly file: number;
  readonly line: number;
}

/** A column is less than this (Go itself clips them at 65,535), so that line and column make one number. */
const COLUMNS = 2 ** 17;

interface OpenFile {
  readonly name: string;
  readonly row: number;
  /** Blocks by where they begin; in whole, by beginning and end, where another block begins at the same place. */
  readonly rows: Map<number | string, number>;
}

/** Blocks, each once: the same place in the same file is the same block. */
export class CoverageTable {
  readonly #files = new Map<string, OpenFile>();
  #lastFile: OpenFile | undefined;
  readonly #fileOf: number[] = [];
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #statements: number[] = [];
  readonly #count: number[] = [];
  readonly #lineOf: number[] = [];
  repeated = 0;

  get length(): number {
    return this.#count.length;
  }

  /** `line` is where the profile says so. A block that is known counts on, also when the table cannot grow. */
  add(block: BlockLine, line: number, canGrow: boolean): 'kept' | 'contradiction' | 'full' {
    const file = this.#lastFile?.name === block.file ? this.#lastFile : this.#files.get(block.file);
    const start = block.startLine * COLUMNS + block.startColumn;
    const end = block.endLine * COLUMNS + block.endColumn;
    let key: number | string = start;
    let known = file?.rows.get(key);
    if (known !== undefined && this.#end[known] !== end) {
      key = `${start} ${end}`;
      known = file?.rows.get(key);
    }
    if (known !== undefined) {
      if (this.#statements[known] !== block.statements) return 'contradiction';
      this.repeated++;
      this.#count[known] = (this.#count[known] as number) + block.count;
      return 'kept';
    }
    if (!canGrow) return 'full';
    const home = file ?? this.#open(block.file);
    this.#lastFile = home;
    home.rows.set(key, this.length);
    this.#fileOf.push(home.row);
    this.#start.push(start);
    this.#end.push(end);
    this.#statements.push(block.statements);
    this.#lineOf.push(line);
    this.#count.push(block.count);
    return 'kept';
  }

  /** `isCounted`: counts are numbers; else only covered or not. */
  finish(isCounted: boolean): { files: readonly string[]; blocks: BlockTable; overlaps: readonly Overlap[] } {
    const files = [...this.#files.keys()].sort();
    const newRows = new Int32Array(files.length);
    for (const [row, name] of files.entries()) newRows[(this.#files.get(name) as OpenFile).row] = row;
    const fileOf = Int32Array.from(this.#fileOf, (row) => newRows[row] as number);
    const at = (column: readonly number[], row: number): number => column[row] as number;
    const order = Uint32Array.from(fileOf.keys()).sort(
      (a, b) =>
        (fileOf[a] as number) - (fileOf[b] as number) ||
        at(this.#start, a) - at(this.#start, b) ||
        at(this.#end, a) - at(this.#end, b),
    );
    const column = (value: (row: number) => number): Int32Array<ArrayBuffer> => Int32Array.from(order, value);
    const blocks: BlockTable = {
      length: order.length,
      file: column((row) => fileOf[row] as number),
      startLine: column((row) => Math.floor(at(this.#start, row) / COLUMNS)),
      startColumn: column((row) => at(this.#start, row) % COLUMNS),
      endLine: column((row) => Math.floor(at(this.#end, row) / COLUMNS)),
      endColumn: column((row) => at(this.#end, row) % COLUMNS),
      statements: column((row) => at(this.#statements, row)),
      count: Float64Array.from(order, (row) => (isCounted ? at(this.#count, row) : Math.min(1, at(this.#count, row)))),
    };
    return { files, blocks, overlaps: this.#overlaps(order, fileOf) };
  }

  #open(name: string): OpenFile {
    const file = { name: detach(name), row: this.#files.size, rows: new Map<number | string, number>() };
    this.#files.set(file.name, file);
    return file;
  }

  /** The first of each file. Blocks of one version of a file are disjoint. */
  #overlaps(order: Uint32Array, fileOf: Int32Array): readonly Overlap[] {
    const found: Overlap[] = [];
    for (let i = 1; i < order.length; i++) {
      const [before, row] = [order[i - 1] as number, order[i] as number];
      const file = fileOf[row] as number;
      if (file !== fileOf[before] || found.at(-1)?.file === file) continue;
      if ((this.#start[row] as number) >= (this.#end[before] as number)) continue;
      found.push({ file, line: Math.max(this.#lineOf[before] as number, this.#lineOf[row] as number) });
    }
    return found;
  }
}
