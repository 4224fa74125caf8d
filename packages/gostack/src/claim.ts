import { detach } from '@observe/base';
import type { GoroutineHeader } from './header.ts';
import type { Labels } from './labels.ts';
import type { Extent, Range } from './report.ts';

/** A pushed line: `n` counts lines, `at` is the caller's position. `header`: what it is, if it begins a goroutine. */
export interface Line {
  readonly text: string;
  readonly header: GoroutineHeader | undefined;
  readonly n: number;
  readonly at: number;
}

/** What is left of the limits, and the strings that are kept: each once, holding no input alive. */
export class Store {
  #lines: number;
  #chars: number;
  readonly #strings = new Map<string, string>();

  constructor(lines: number, chars: number) {
    this.#lines = lines;
    this.#chars = chars;
  }

  /** Whether one more line may be kept; if so it is paid for. */
  pay(line: Line): boolean {
    if (this.#lines < 1 || this.#chars < line.text.length) return false;
    this.#lines--;
    this.#chars -= line.text.length;
    return true;
  }

  /** The same text for the same text. Function and file names repeat thousands of times in a dump. */
  intern(text: string): string;
  intern(text: string | undefined): string | undefined;
  intern(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const own = detach(text);
    this.#strings.set(own, own);
    return own;
  }

  internLabels(labels: Labels): Labels {
    const own = Object.create(null) as Record<string, string>;
    for (const [key, value] of Object.entries(labels)) own[this.intern(key)] = this.intern(value);
    return own;
  }
}

/** The lines that belong to one block. They are added in the order in which they were pushed. */
export class Claim {
  readonly #store: Store;
  readonly #ranges: { from: number; to: number }[] = [];
  readonly #text: string[] = [];
  #isTruncated = false;
  #lastN = -1;
  /** Number of the first line: the order of blocks. */
  firstN = -1;

  constructor(store: Store) {
    this.#store = store;
  }

  get lastN(): number {
    return this.#lastN;
  }

  /** False: claimed, but there is no room to keep it or what it says. */
  add(line: Line): boolean {
    const last = this.#ranges.at(-1);
    if (last !== undefined && line.n === this.#lastN + 1) last.to = line.at;
    else this.#ranges.push({ from: line.at, to: line.at });
    if (this.firstN === -1) this.firstN = line.n;
    this.#lastN = line.n;
    // Once full, always full: what is kept is the beginning, not a sieve.
    const isKept = !this.#isTruncated && this.#store.pay(line);
    if (isKept) this.#text.push(line.text);
    else this.#isTruncated = true;
    return isKept;
  }

  extent(): Extent {
    const ranges: readonly Range[] = this.#ranges;
    return {
      from: ranges[0]?.from ?? Number.NaN,
      to: ranges.at(-1)?.to ?? Number.NaN,
      ranges,
      text: this.#text.join('\n'),
      isTruncated: this.#isTruncated,
    };
  }
}
