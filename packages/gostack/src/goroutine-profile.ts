import { Store, type Line } from './claim.ts';
import type { Frame } from './frame.ts';
import { readLabels, type Labels } from './labels.ts';
import { LIMITS, type Limits } from './limits.ts';
import { noiseOf, type NoiseId } from './noise.ts';
import { isStandardLibrary } from './std.ts';
import { wholeNumber } from './whole-number.ts';

/** Goroutines counted by stack and labels, as `pprof.Lookup("goroutine").WriteTo(w, 1)` prints them: without ids and states. */
export interface GoroutineProfile {
  /** `goroutine`, `goroutineleak`; a profile of a program's own looks the same. */
  readonly name: string;
  /** As the first line says. */
  readonly total: number;
  /** In printed order: the most first. */
  readonly stacks: readonly CountedStack[];
  /** False: the counts do not add up to `total`, or a limit was met. */
  readonly isComplete: boolean;
  /** Stacks seen but not kept: past a limit. */
  readonly droppedStacks: number;
  /** Lines that are of no goroutine profile. */
  readonly otherLines: number;
}

export interface CountedStack {
  readonly count: number;
  readonly labels: Labels;
  /** Innermost first. Go leaves out those of the runtime at the top. Without a name in the binary, `func` is an address. */
  readonly frames: readonly Frame[];
  /** No frame outside of the standard library. */
  readonly isStandardLibraryOnly: boolean;
  readonly noise: NoiseId | undefined;
}

/** Synchronous, linear in its input, bounded by `Limits`, never throws. */
export interface GoroutineProfileReader {
  /** The next line, without its newline. */
  push(line: string): void;
  /** What was read; undefined: there was no head. Call it once. */
  end(): GoroutineProfile | undefined;
}

/** Source: Go, `runtime/pprof` (`printCountProfile`), 1.9 – 1.27. `limits` replaces some of the defaults. */
export const createGoroutineProfileReader = (limits?: Partial<Limits>): GoroutineProfileReader =>
  new ProfileReader({ ...LIMITS, ...limits });

const HEAD = /^(\S{1,200}) profile: total (\d+)$/;
const COUNT = /^(\d+) @(?: 0x[0-9a-f]+)*$/;
const LABELS = '# labels: {';
/** `#	0x48ac00	testing.tRunner+0xe9	testing/testing.go:2036`; a tab writer puts as many TABs as the columns need. */
const FRAME = /^#\t(0x[0-9a-f]+)(?:\t+([^\t]+)\+0x[0-9a-f]+\t+([^\t]*):(\d+))?$/;

interface OpenStack {
  readonly count: number;
  labels: Labels;
  readonly frames: Frame[];
}

class ProfileReader implements GoroutineProfileReader {
  readonly #limits: Limits;
  readonly #store: Store;
  readonly #stacks: CountedStack[] = [];
  #head: { name: string; total: number } | undefined;
  #open: OpenStack | undefined;
  #n = 0;
  #sum = 0;
  #dropped = 0;
  #otherLines = 0;
  #isCut = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#store = new Store(limits.keptLines, limits.keptChars);
  }

  push(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    const isRead =
      text.length <= this.#limits.lineChars && this.#take({ text, header: undefined, n: this.#n, at: this.#n });
    this.#n++;
    if (!isRead) this.#otherLines++;
  }

  end(): GoroutineProfile | undefined {
    this.#close();
    return (
      this.#head && {
        ...this.#head,
        stacks: this.#stacks,
        isComplete: this.#sum === this.#head.total && this.#dropped === 0 && !this.#isCut,
        droppedStacks: this.#dropped,
        otherLines: this.#otherLines,
      }
    );
  }

  #take(line: Line): boolean {
    const { text } = line;
    if (text === '') {
      this.#close();
      return true;
    }
    if (this.#head === undefined) {
      const [, name = '', digits = ''] = HEAD.exec(text) ?? [];
      const total = wholeNumber(digits);
      if (total !== undefined) this.#head = { name: this.#store.intern(name), total };
      return total !== undefined;
    }
    if (text.startsWith('#')) return this.#takeDetail(line);
    const count = wholeNumber(COUNT.exec(text)?.[1] ?? '');
    if (count === undefined) return false;
    this.#close();
    this.#sum += count;
    if (this.#store.pay(line)) this.#open = { count, labels: {}, frames: [] };
    else this.#dropped++;
    return true;
  }

  #takeDetail(line: Line): boolean {
    const { text } = line;
    const labels = text.startsWith(LABELS) ? readLabels(text, LABELS.length, ':') : undefined;
    const frame = labels ? null : FRAME.exec(text);
    if (labels === undefined && frame === null) return false;
    if (this.#open === undefined) return true;
    if (!this.#store.pay(line)) this.#isCut = true;
    else if (labels) this.#open.labels = this.#store.internLabels(labels.labels);
    else if (frame) this.#open.frames.push(this.#frameOf(frame));
    return true;
  }

  #frameOf([, address = '', func = address, file = '', digits = '']: readonly string[]): Frame {
    return {
      func: this.#store.intern(func),
      args: undefined,
      file: file === '' ? undefined : this.#store.intern(file),
      line: file === '' ? undefined : wholeNumber(digits),
    };
  }

  #close(): void {
    const stack = this.#open;
    this.#open = undefined;
    if (stack === undefined) return;
    const isStandardLibraryOnly = stack.frames.every(isStandardLibrary);
    this.#stacks.push({ ...stack, isStandardLibraryOnly, noise: noiseOf(stack) });
  }
}
