import { detach } from '@observe/base';
import type { Claim, Line } from './claim.ts';
import { isStackStart } from './dump-reader.ts';
import type { Limits } from './limits.ts';
import { parsePanics, type PanicValue } from './panic.ts';
import { isProcessEnd, isTestText } from './text-shape.ts';

/** What stands above the stacks of a crash. */
export interface Head {
  readonly kind: 'panic' | 'fatal' | 'signal';
  /** Chain of values; one, for what is no panic. */
  readonly values: readonly PanicValue[];
  /** The inside of `[signal …]`. */
  readonly signal: string | undefined;
}

const PANIC = 'panic: ';
const FATAL = 'fatal error: ';
const SIGNAL_NAME = /^(?:SIG[A-Z0-9]+: |Signal \d+$)/;
const SIGNAL_PC = /^PC=0x[0-9a-f]+ m=\d+ sigcode=/;
const SIGNAL_DETAIL = /^(?:signal arrived during cgo execution$|instruction bytes: 0x)/;
/** Said by the runtime just before a fatal error. */
const LAST_WORDS = /^(?:runtime: |unexpected fault address 0x|accessed data from freed user arena 0x)/;
/** A fatal error has two such lines in general. */
const MOST_LAST_WORDS = 16;

/** Keeps the lines that only what follows can tell to be the beginning of a head. */
export class LastWords {
  #lines: Line[] = [];

  note(line: Line): void {
    if (!SIGNAL_NAME.test(line.text) && !LAST_WORDS.test(line.text)) return;
    if (this.#lines.at(-1)?.n !== line.n - 1 || this.#lines.length === MOST_LAST_WORDS) this.#lines = [];
    this.#lines.push(line);
  }

  /** The lines directly above a head; a panic has none. */
  take(kind: Head['kind'], line: Line): readonly Line[] {
    const lines = kind !== 'panic' && this.#lines.at(-1)?.n === line.n - 1 ? this.#lines : [];
    this.#lines = [];
    return lines;
  }
}

/** Where a head begins. `start`: of its message in the line. */
export interface FoundHead {
  readonly kind: Head['kind'];
  readonly start: number;
  /** It stands at the beginning of the line. In the middle, only stacks directly below tell it from talk. */
  readonly isSure: boolean;
}

/** A head at the beginning of the line. */
export function findHead(text: string): FoundHead | undefined {
  if (text.startsWith(PANIC)) return { kind: 'panic', start: PANIC.length, isSure: true };
  if (text.startsWith(FATAL)) return { kind: 'fatal', start: FATAL.length, isSure: true };
  return text.startsWith('PC=0x') && SIGNAL_PC.test(text) ? { kind: 'signal', start: 0, isSure: true } : undefined;
}

/** A head in the middle of the line: the program had printed something without a newline. */
export function findHiddenHead(text: string): FoundHead | undefined {
  const panic = text.indexOf(PANIC);
  const fatal = text.indexOf(FATAL);
  if ((panic === -1 && fatal === -1) || isTestText(text)) return undefined;
  // The first of the two: a panic may quote a fatal error.
  return fatal === -1 || (panic !== -1 && panic < fatal)
    ? { kind: 'panic', start: panic + PANIC.length, isSure: false }
    : { kind: 'fatal', start: fatal + FATAL.length, isSure: false };
}

/**
 * Reads from a head to its first stack. Until that comes, nothing is claimed: a test may have printed `panic: ` itself.
 * Since Go 1.23 the further lines of a message are indented by a TAB; before, they begin anywhere, so that lines at
 * column 0 are the message's only if nothing comes between them and the stacks.
 */
export class HeadReader {
  readonly #kind: Head['kind'];
  readonly #isSure: boolean;
  readonly #limits: Limits;
  readonly #above: readonly Line[];
  readonly #first: string;
  /** Surely of the head, if it is one. */
  readonly #lines: Line[] = [];
  /** Of the head, if it is one and Go is older than 1.23. */
  readonly #loose: Line[] = [];
  #isLooseOver = false;
  /** Further lines are indented: Go 1.23 or newer. */
  #isIndented = false;
  #signal: string | undefined;
  #blank: Line | undefined;
  #lastN: number;
  #foreign = 0;
  #isAlive = false;

  constructor(found: FoundHead, line: Line, above: readonly Line[], limits: Limits) {
    this.#kind = found.kind;
    this.#isSure = found.isSure;
    this.#limits = limits;
    this.#above = above;
    this.#first = line.text.slice(found.start);
    this.#lines.push(line);
    this.#lastN = line.n;
  }

  /** `stacks`: the dump begins with this line. `over`: it was no head, and this line is still to be read. */
  take(line: Line): 'mine' | 'foreign' | 'stacks' | 'over' {
    const { text } = line;
    if (isStackStart(line)) return this.#blank === undefined ? 'over' : 'stacks';
    if (text === '') {
      this.#blank = line;
      this.#noteLoose(line);
      return 'mine';
    }
    if (text.startsWith('[signal ') && text.endsWith(']')) {
      this.#signal = text.slice('[signal '.length, -1);
      return this.#own(line);
    }
    if (this.#kind === 'signal' && SIGNAL_DETAIL.test(text)) return this.#own(line);
    if (text.startsWith('\t') && this.#blank === undefined && this.#loose.length === 0) {
      this.#isIndented ||= !text.startsWith('\tpanic: ');
      return this.#own(line);
    }
    if (!this.#isSure) return 'over';
    if (isTestText(text)) {
      this.#isAlive = true;
      this.#isLooseOver = true;
    } else if (!isProcessEnd(text)) this.#noteLoose(line);
    return ++this.#foreign > this.#limits.gapLines ? 'over' : 'foreign';
  }

  /** Whether a head without stacks is one all the same: nothing lived on behind it (GOTRACEBACK=none). */
  get isLastWord(): boolean {
    return this.#isSure && !this.#isAlive;
  }

  /** Claims what is the head's. `stacks` is the line that told that it is one; absent at the end of the text. */
  finish(claim: Claim, stacks?: Line): Head {
    const isLoose = stacks !== undefined && this.#isLooseMessage(stacks);
    const own = isLoose ? [...this.#lines, ...this.#loose].sort(byNumber) : this.#lines;
    const blank = !isLoose && this.#blank !== undefined && this.#blank.n + 1 === stacks?.n ? [this.#blank] : [];
    for (const line of [...this.#above, ...own, ...blank].sort(byNumber)) claim.add(line);
    if (this.#kind === 'signal') {
      const name = this.#above.findLast((line) => SIGNAL_NAME.test(line.text))?.text ?? '';
      return { kind: 'signal', values: [{ text: detach(name), recovery: undefined }], signal: undefined };
    }
    const further = own.slice(1).flatMap((line) => (line.text.startsWith('[signal ') ? [] : [line.text]));
    while (further.at(-1) === '') further.pop();
    const values = parsePanics([this.#first, ...further], !isLoose);
    return {
      kind: this.#kind,
      values: values.map((value) => ({ ...value, text: detach(value.text) })),
      signal: this.#signal && detach(this.#signal),
    };
  }

  #own(line: Line): 'mine' | 'over' {
    if (this.#lines.length > this.#limits.messageLines) return 'over';
    this.#lines.push(line);
    this.#lastN = line.n;
    this.#foreign = 0;
    return 'mine';
  }

  #noteLoose(line: Line): void {
    const isNext = line.n === this.#lastN + 1 && this.#loose.length < this.#limits.messageLines;
    if (!isNext || (this.#isIndented && line.text !== '')) this.#isLooseOver = true;
    if (this.#isLooseOver) return;
    this.#loose.push(line);
    this.#lastN = line.n;
  }

  /** Loose lines are the message's if they reach from the head to a blank line right above the stacks. */
  #isLooseMessage(stacks: Line): boolean {
    const last = this.#loose.at(-1);
    const hasText = this.#loose.some((line) => line.text !== '');
    return !this.#isLooseOver && hasText && last?.text === '' && last.n === stacks.n - 1;
  }
}

const byNumber = (a: Line, b: Line): number => a.n - b.n;
