import type { Claim, Line, Store } from './claim.ts';
import { parseCall, parseCreatedBy, parseSite, type CreatedBy, type Frame } from './frame.ts';
import type { Ancestor, Dump, Elided, Goroutine } from './goroutine.ts';
import type { GoroutineHeader } from './header.ts';
import { wholeNumber } from './whole-number.ts';

/** A stack that is being read. */
interface OpenStack {
  readonly frames: Frame[];
  createdBy: CreatedBy | undefined;
  elided: Elided | undefined;
}

interface OpenGoroutine extends GoroutineHeader, OpenStack {
  readonly at: number;
  isStackUnavailable: boolean;
  readonly ancestors: Ancestor[];
}

/** The first line of a pair; it belongs to the dump only if the second comes. */
type Half =
  | { readonly kind: 'frame'; readonly line: Line; readonly func: string; readonly args: string | undefined }
  | { readonly kind: 'created'; readonly line: Line; readonly func: string; readonly goid: number | undefined };

const RUNTIME_STACK = 'runtime stack:';
const UNAVAILABLE = '\tgoroutine running on other thread; stack unavailable';
const ELIDED = /^\.\.\.(?:additional|(\d+)) frames elided\.\.\.$/;
const ANCESTOR = /^\[originating from goroutine (\d+)\]:$/;
const C_FUNCTION = /^[A-Za-z_~][^\s()]*$/;
const REGISTERS = /^(?:[a-z]\w{0,7} +0x[0-9a-f]+(?:\s+|$))+$/;
/** No line of registers is longer (two a line on some machines). */
const LONGEST_REGISTERS = 80;

/** A line that begins the stacks of a dump. */
export const isStackStart = ({ text, header }: Line): boolean => header !== undefined || text === RUNTIME_STACK;

/** Reads the stacks of one dump, and claims their lines. What fits no rule is left alone. */
export class DumpReader {
  readonly #claim: Claim;
  readonly #store: Store;
  readonly #goroutines: Goroutine[] = [];
  readonly #goids = new Set<number>();
  readonly #hasRegisters: boolean;
  #runtimeStack: Frame[] | undefined;
  #dropped = 0;
  // Known whether kept or not: limits must not change which lines are whose.
  #hasStack = false;
  #firstCall: string | undefined;
  /** Where frames go now; undefined: nowhere, the goroutine was not kept. */
  #stack: OpenStack | undefined;
  /** The goroutine of `#stack`, also while that is the stack of an ancestor. */
  #goroutine: OpenGoroutine | undefined;
  #half: Half | undefined;
  /** A word that C could be. Kept apart from `#half`: a stray word must not cost a Go frame. */
  #word: Line | undefined;
  #blank: Line | undefined;

  /** `hasRegisters`: signals print the registers behind the stacks. */
  constructor(claim: Claim, store: Store, hasRegisters: boolean) {
    this.#claim = claim;
    this.#store = store;
    this.#hasRegisters = hasRegisters;
  }

  /** A header alone is no dump. */
  get hasStack(): boolean {
    return this.#hasStack;
  }

  /** `fmt.Printf("panic: %v\n\n%s", recover(), debug.Stack())` looks like a crash but for its first frame. */
  get isPrintedByProgram(): boolean {
    return this.#firstCall === 'runtime/debug.Stack';
  }

  /** Whether `line` is a header that cannot go on with a dump that a program printed itself. */
  startsAnother(line: Line): boolean {
    const { header } = line;
    if (header === undefined) return false;
    return this.#goids.has(header.goid) || this.#blank?.n !== line.n - 1 || this.#claim.lastN !== line.n - 2;
  }

  /** Claims the line now, later when the next one has shown that it belongs to the dump, or never. */
  take(line: Line): void {
    if (line.text === '') this.#blank = line;
    else if (line.text.startsWith('\t')) this.#takeSite(line);
    else if (line.header !== undefined) this.#open(line, line.header);
    else if (!this.#takeSpecial(line)) this.#noteHalf(line);
  }

  finish(): Dump {
    return {
      goroutines: this.#goroutines,
      runtimeStack: this.#runtimeStack,
      droppedGoroutines: this.#dropped,
    };
  }

  /** Claims a line, and the empty line right above it. */
  #add(line: Line): boolean {
    if (this.#blank?.n === line.n - 1) this.#claim.add(this.#blank);
    this.#blank = undefined;
    this.#half = undefined;
    this.#word = undefined;
    return this.#claim.add(line);
  }

  #open(line: Line, header: GoroutineHeader): void {
    this.#goroutine = undefined;
    this.#goids.add(header.goid);
    if (this.#add(line)) {
      this.#goroutine = {
        ...this.#internHeader(header),
        at: line.at,
        frames: [],
        createdBy: undefined,
        elided: undefined,
        isStackUnavailable: false,
        ancestors: [],
      };
      this.#goroutines.push(this.#goroutine);
    } else this.#dropped++;
    this.#stack = this.#goroutine;
  }

  #takeSpecial(line: Line): boolean {
    const { text } = line;
    const elided = text.startsWith('...') ? ELIDED.exec(text) : null;
    if (elided) {
      this.#add(line);
      if (this.#stack) this.#stack.elided = { afterFrames: this.#stack.frames.length, count: countOf(elided[1]) };
      return true;
    }
    const ancestor = text.startsWith('[') ? wholeNumber(ANCESTOR.exec(text)?.[1] ?? '') : undefined;
    if (ancestor !== undefined) {
      const stack = { goid: ancestor, frames: [], createdBy: undefined, elided: undefined };
      this.#stack = this.#add(line) ? stack : undefined;
      if (this.#stack) this.#goroutine?.ancestors.push(stack);
      return true;
    }
    if (text === RUNTIME_STACK) {
      this.#add(line);
      this.#runtimeStack ??= [];
      this.#stack = { frames: this.#runtimeStack, createdBy: undefined, elided: undefined };
      this.#goroutine = undefined;
      return true;
    }
    if (text.startsWith('non-Go function at pc=')) {
      if (this.#add(line)) {
        this.#stack?.frames.push({ func: 'non-Go function', args: undefined, file: undefined, line: undefined });
      }
      return true;
    }
    if (!this.#hasRegisters || text.length > LONGEST_REGISTERS || !REGISTERS.test(text)) return false;
    this.#add(line);
    return true;
  }

  #noteHalf(line: Line): void {
    const created = parseCreatedBy(line.text);
    // Nothing but its place comes below a creator: what looks like a call there is somebody else's.
    const call = created || this.#half?.kind === 'created' ? undefined : parseCall(line.text);
    if (created) this.#half = { kind: 'created', line, ...created };
    else if (call) this.#half = { kind: 'frame', line, ...call };
    else if (line.text === 'non-Go function' || C_FUNCTION.test(line.text)) this.#word = line;
  }

  #takeSite(line: Line): void {
    if (line.text === UNAVAILABLE) {
      this.#add(line);
      this.#hasStack = true;
      if (this.#goroutine) this.#goroutine.isStackUnavailable = true;
      return;
    }
    const site = parseSite(line.text);
    const word = site?.isForeign === true ? this.#word : undefined;
    const half: Half | undefined = word ? { kind: 'frame', line: word, func: word.text, args: undefined } : this.#half;
    if (site === undefined || half === undefined) return;
    this.#blank = undefined; // Go prints none inside a stack: it was somebody else's
    this.#hasStack = true;
    if (half.kind === 'frame') this.#firstCall ??= half.func;
    const isKept = this.#claim.add(half.line);
    if (!this.#add(line) || !isKept || !this.#stack) return;
    const place = { func: this.#store.intern(half.func), file: this.#store.intern(site.file), line: site.line };
    if (half.kind === 'created') this.#stack.createdBy ??= { ...place, goid: half.goid };
    else this.#stack.frames.push({ ...place, args: this.#store.intern(half.args) });
  }

  #internHeader(header: GoroutineHeader): GoroutineHeader {
    return {
      ...header,
      status: this.#store.intern(header.status),
      labels: this.#store.internLabels(header.labels),
      gp: this.#store.intern(header.gp),
      m: this.#store.intern(header.m),
      mp: this.#store.intern(header.mp),
      rest: this.#store.intern(header.rest),
    };
  }
}

const countOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : wholeNumber(digits);
