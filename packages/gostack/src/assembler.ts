import { detach } from '@observe/base';
import { Store, type Line } from './claim.ts';
import { CrashReader } from './crash-reader.ts';
import { parseGoroutineHeader } from './header.ts';
import { LIMITS, type Limits } from './limits.ts';
import { parseMark, type Mark } from './mark.ts';
import { RaceReader } from './race-reader.ts';
import type { Block, Report } from './report.ts';

/** Finds blocks in the text of one package. Synchronous, linear in its input, bounded by `Limits`, never throws. */
export interface Assembler {
  /**
   * The next line, without its newline. Push the lines of one package in their order, whatever test they were pinned on.
   * `at` is the caller's own position, given back in the report: growing, and different for each line.
   */
  push(line: string, at: number): void;
  /** The report of all that was pushed. Call it once; nothing can be pushed after it. */
  end(): Report;
}

/** `limits` replaces some of the defaults. */
export function createAssembler(limits?: Partial<Limits>): Assembler {
  return new PackageAssembler({ ...LIMITS, ...limits });
}

/** test2json marks framing with ^V; a mark that it did not recognise stays in the text. */
const SYN = '\u0016';

class PackageAssembler implements Assembler {
  readonly #limits: Limits;
  readonly #found: { block: Block; firstN: number }[] = [];
  readonly #marks: Mark[] = [];
  #droppedBlocks = 0;
  #droppedMarks = 0;
  readonly #crashes: CrashReader;
  readonly #races: RaceReader;
  #n = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    const half = (): Store => new Store(limits.keptLines / 2, limits.keptChars / 2);
    const [crash, talk] = [half(), half()];
    const counts = new Map<Block['kind'], number>();
    const emit = (block: Block, firstN: number): void => {
      const count = (counts.get(block.kind) ?? 0) + 1;
      counts.set(block.kind, count);
      if (count <= limits.blocks) this.#found.push({ block, firstN });
      else this.#droppedBlocks++;
    };
    this.#crashes = new CrashReader(limits, { crash, talk }, emit);
    this.#races = new RaceReader(limits, talk, emit);
  }

  push(line: string, at: number): void {
    const text = this.#trim(line);
    const read: Line = { text, header: parseGoroutineHeader(text), n: this.#n++, at };
    const fact = parseMark(text);
    if (fact) {
      if (this.#marks.length < this.#limits.marks) this.#marks.push({ ...fact, at, text: detach(text) });
      else this.#droppedMarks++;
    }
    if (!this.#races.take(read)) this.#crashes.take(read);
  }

  end(): Report {
    this.#crashes.end();
    this.#races.end();
    return {
      blocks: this.#found.sort((a, b) => a.firstN - b.firstN).map((found) => found.block),
      marks: this.#marks,
      droppedBlocks: this.#droppedBlocks,
      droppedMarks: this.#droppedMarks,
    };
  }

  #trim(line: string): string {
    const from = line.startsWith(SYN) ? 1 : 0;
    const to = line.endsWith('\r') ? line.length - 1 : line.length;
    const most = this.#limits.lineChars;
    return from === 0 && to === line.length && to <= most ? line : line.slice(from, Math.min(to, from + most));
  }
}
