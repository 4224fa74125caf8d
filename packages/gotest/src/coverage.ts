import { detach } from '@observe/base';
import { parseBlockLine } from './coverage-line.ts';
import { CoverageTable } from './coverage-table.ts';

/** How counters count. `mixed`: profiles of different modes in one file, of which only covered or not can be said. */
export type CoverageMode = 'set' | 'count' | 'atomic' | 'mixed';

/** A coverage profile (`go test -coverprofile`). Source: Go, `cmd/cover`; golang.org/x/tools/cover. */
export interface CoverageProfile {
  /** Undefined: no line says it. */
  readonly mode: CoverageMode | undefined;
  /** As the profile names them: import path and file, `example.com/m/price/price.go`; a path for packages outside of modules. Sorted. */
  readonly files: readonly string[];
  readonly blocks: BlockTable;
  /** Lines that told a block again, and were added to it: one for each test binary with `-coverpkg`. */
  readonly repeated: number;
  readonly faults: readonly CoverageFault[];
  /** Faults beyond those kept. */
  readonly droppedFaults: number;
}

/** Statements that run together. Sorted by file, then by where they begin; each is here once. */
export interface BlockTable {
  readonly length: number;
  /** Row of the files. */
  readonly file: Int32Array<ArrayBuffer>;
  readonly startLine: Int32Array<ArrayBuffer>;
  readonly startColumn: Int32Array<ArrayBuffer>;
  readonly endLine: Int32Array<ArrayBuffer>;
  readonly endColumn: Int32Array<ArrayBuffer>;
  readonly statements: Int32Array<ArrayBuffer>;
  /** How often it ran; 0 or 1 in the modes `set` and `mixed`. */
  readonly count: Float64Array<ArrayBuffer>;
}

/**
 * - `no-mode`: the first line is none, so how blocks add up is not known; they add up as in `set`
 * - `mixed-modes`: another mode than before
 * - `bad-line`: not a block
 * - `contradiction`: a block with another number of statements than before; the first counts
 * - `overlap`: a block begins inside of another: the profiles are of different versions of the file. Once for each file
 * - `too-large`: a limit was met; this block and further new ones are not kept
 */
export interface CoverageFault {
  readonly kind: 'no-mode' | 'mixed-modes' | 'bad-line' | 'contradiction' | 'overlap' | 'too-large';
  /** 1 for the first. */
  readonly line: number;
  /** One sentence, for people. */
  readonly message: string;
}

export interface CoverageLimits {
  readonly blocks: number;
  readonly faults: number;
  /** UTF-16 units of one line. */
  readonly lineChars: number;
}

export const COVERAGE_LIMITS: CoverageLimits = {
  // A block takes some 350 bytes while it is read.
  blocks: 2_000_000,
  faults: 100,
  lineChars: 8 * 1024,
};

/** Reads a profile line by line; a monorepo's is larger than a string can be. */
export interface CoverageReader {
  /** The next line, without its newline. */
  push(line: string): void;
  /** What was read. Call it once. */
  end(): CoverageProfile;
}

export const createCoverageReader = (limits?: Partial<CoverageLimits>): CoverageReader =>
  new ProfileReader({ ...COVERAGE_LIMITS, ...limits });

const MODE = /^mode: (set|count|atomic)$/;

class ProfileReader implements CoverageReader {
  readonly #limits: CoverageLimits;
  readonly #table: CoverageTable;
  readonly #faults: CoverageFault[] = [];
  #dropped = 0;
  #mode: CoverageMode | undefined;
  #line = 0;
  #isFull = false;

  constructor(limits: CoverageLimits) {
    this.#limits = limits;
    this.#table = new CoverageTable();
  }

  push(text: string): void {
    this.#line++;
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') return;
    const isLong = line.length > this.#limits.lineChars;
    const mode = isLong ? undefined : MODE.exec(line)?.[1];
    if (mode !== undefined) this.#takeMode(mode as CoverageMode);
    else if (isLong || !this.#takeBlock(line)) {
      this.#fault('bad-line', `Not a block of a coverage profile: ${detach(JSON.stringify(line.slice(0, 80)))}.`);
    }
  }

  end(): CoverageProfile {
    const isCounted = this.#mode === 'count' || this.#mode === 'atomic';
    const { files, blocks, overlaps } = this.#table.finish(isCounted);
    for (const { file, line } of overlaps) {
      this.#line = line;
      this.#fault('overlap', `Blocks of ${files[file]} overlap: this profile holds several versions of the file.`);
    }
    return {
      mode: this.#mode,
      files,
      blocks,
      repeated: this.#table.repeated,
      faults: this.#faults,
      droppedFaults: this.#dropped,
    };
  }

  #takeMode(mode: CoverageMode): void {
    if (this.#mode !== undefined && this.#mode !== mode) {
      if (this.#mode !== 'mixed')
        this.#fault('mixed-modes', `Mode ${mode} after mode ${this.#mode}: counts do not add up.`);
      this.#mode = 'mixed';
    } else this.#mode = mode;
  }

  /** False: it is none. */
  #takeBlock(line: string): boolean {
    const block = parseBlockLine(line);
    if (block === undefined) return false;
    if (this.#mode === undefined && this.#table.length === 0) {
      this.#fault('no-mode', 'The profile does not begin with its mode.');
    }
    const canGrow = this.#table.length < this.#limits.blocks;
    const answer = this.#table.add(block, this.#line, canGrow);
    if (answer === 'contradiction') {
      const { file, statements } = block;
      this.#fault('contradiction', `A block of ${file} has ${statements} statements here, and another number before.`);
    } else if (answer === 'full' && !this.#isFull) {
      this.#isFull = true;
      this.#fault('too-large', `The profile has more than ${this.#limits.blocks} blocks.`);
    }
    return true;
  }

  #fault(kind: CoverageFault['kind'], message: string): void {
    if (this.#faults.length < this.#limits.faults) this.#faults.push({ kind, line: this.#line, message });
    else this.#dropped++;
  }
}
