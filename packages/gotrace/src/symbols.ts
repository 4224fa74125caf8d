import { I32Column } from './columns.ts';
import { PairMap } from './pair-map.ts';
import { NONE } from './tables.ts';

/** Stacks as a forest: a stack is a frame and the stack of its caller. Row = stack; callers stand before callees. */
export interface StackTable {
  readonly length: number;
  /** The innermost frame: row of the frames. */
  readonly frame: Int32Array<ArrayBuffer>;
  /** The caller's stack: row of the stacks; NONE at the root. */
  readonly parent: Int32Array<ArrayBuffer>;
}

/** Row = frame. */
export interface FrameTable {
  readonly length: number;
  /** Row of the strings: Go's name, with its package path (`net/http.(*conn).serve`). */
  readonly func: Int32Array<ArrayBuffer>;
  /** Row of the strings: a path, as compiled. */
  readonly file: Int32Array<ArrayBuffer>;
  readonly line: Int32Array<ArrayBuffer>;
}

/**
 * Strings, frames and stacks that one segment uses and no earlier one of its trace did. Rows are numbered through the whole
 * trace: the first string of this segment is row `firstString`.
 */
export interface SymbolSegment {
  readonly firstString: number;
  readonly strings: readonly string[];
  readonly firstFrame: number;
  readonly frames: FrameTable;
  readonly firstStack: number;
  readonly stacks: StackTable;
}

/** Gives rows to strings, frames and stacks: the same row to the same one, in whatever generation it comes. */
export class SymbolBuilder {
  readonly #rows = new Map<string, number>();
  #newStrings: string[] = [];
  /** Frames are pairs of a place and a line, places pairs of a function and a file. */
  readonly #places = new PairMap();
  readonly #frames = new PairMap();
  readonly #stacks = new PairMap();
  #firstString = 0;
  #firstFrame = 0;
  #firstStack = 0;

  string(text: string): number {
    const known = this.#rows.get(text);
    if (known !== undefined) return known;
    const row = this.#rows.size;
    this.#rows.set(text, row);
    this.#newStrings.push(text);
    return row;
  }

  frame(func: number, file: number, line: number): number {
    return this.#frames.intern(this.#places.intern(func, file), line);
  }

  stack(caller: number, frame: number): number {
    return this.#stacks.intern(caller, frame);
  }

  /** The function of the innermost frame of a stack. */
  innermostFunc(stack: number): number {
    return this.#places.first(this.#frames.first(this.#stacks.second(stack)));
  }

  /** What is new since the last call. */
  take(): SymbolSegment {
    const { length } = this.#newStrings;
    const frames = this.#frames.size - this.#firstFrame;
    const stacks = this.#stacks.size - this.#firstStack;
    const func = new I32Column();
    const file = new I32Column();
    for (let row = this.#firstFrame; row < this.#frames.size; row++) {
      const place = this.#frames.first(row);
      func.push(this.#places.first(place));
      file.push(this.#places.second(place));
    }
    const segment: SymbolSegment = {
      firstString: this.#firstString,
      strings: this.#newStrings,
      firstFrame: this.#firstFrame,
      frames: {
        length: frames,
        func: func.take(),
        file: file.take(),
        line: this.#frames.secondColumn(this.#firstFrame),
      },
      firstStack: this.#firstStack,
      stacks: {
        length: stacks,
        frame: this.#stacks.secondColumn(this.#firstStack),
        parent: this.#stacks.firstColumn(this.#firstStack),
      },
    };
    this.#newStrings = [];
    this.#firstString += length;
    this.#firstFrame += frames;
    this.#firstStack += stacks;
    return segment;
  }
}

/** One frame, resolved. */
export interface Frame {
  readonly func: string;
  readonly file: string;
  readonly line: number;
}

/** The symbols of all segments added so far, to be asked by row. */
export class SymbolTable {
  readonly #strings: string[] = [];
  readonly #func = new I32Column();
  readonly #file = new I32Column();
  readonly #line = new I32Column();
  readonly #frame = new I32Column();
  readonly #parent = new I32Column();

  /** Adds the symbols of the next segment. Segments come in their order, none is left out. */
  add(segment: SymbolSegment): void {
    if (segment.firstString !== this.#strings.length || segment.firstStack !== this.#frame.length) {
      throw new RangeError(`symbols from string ${segment.firstString}, expected ${this.#strings.length}`);
    }
    for (const text of segment.strings) this.#strings.push(text);
    const { frames, stacks } = segment;
    for (let i = 0; i < frames.length; i++) {
      this.#func.push(frames.func[i] as number);
      this.#file.push(frames.file[i] as number);
      this.#line.push(frames.line[i] as number);
    }
    for (let i = 0; i < stacks.length; i++) {
      this.#frame.push(stacks.frame[i] as number);
      this.#parent.push(stacks.parent[i] as number);
    }
  }

  get stackCount(): number {
    return this.#frame.length;
  }

  /** Text of a row of the strings; empty for NONE. */
  string(row: number): string {
    return row === NONE ? '' : (this.#strings[row] ?? '');
  }

  /** Row of the strings: the function of the stack's innermost frame; NONE for NONE. */
  funcOf(stack: number): number {
    return stack === NONE ? NONE : (this.#func.values[this.#frame.values[stack] as number] as number);
  }

  /** The stack of the caller; NONE at the root and for NONE. */
  callerOf(stack: number): number {
    return stack === NONE ? NONE : (this.#parent.values[stack] as number);
  }

  /** The outermost one-frame stack under a stack: what the goroutine was started with. NONE for NONE. */
  rootOf(stack: number): number {
    let root = stack;
    for (let next = stack; next !== NONE; next = this.callerOf(next)) root = next;
    return root;
  }

  /** Innermost first; empty for NONE. At most 128 frames: Go cuts deeper stacks at their root. */
  framesOf(stack: number): readonly Frame[] {
    const frames: Frame[] = [];
    for (let at = stack; at !== NONE; at = this.callerOf(at)) {
      const frame = this.#frame.values[at] as number;
      frames.push({
        func: this.string(this.#func.values[frame] as number),
        file: this.string(this.#file.values[frame] as number),
        line: this.#line.values[frame] as number,
      });
    }
    return frames;
  }
}
