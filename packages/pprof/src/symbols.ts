import type { Profile as Decoded } from 'pprof-format';
import { Refusal } from './fault.ts';
import type { Limits } from './limits.ts';
import { NONE, type FrameTable, type StackTable } from './profile.ts';

/** An integer as the library gives it: unsigned, a bigint when it has more than four bytes. */
export type Numeric = number | bigint;

/** The same as the file means it: 64 bits with a sign. Rounded beyond 2^53. */
export const signedOf = (value: Numeric): number =>
  typeof value === 'number' ? value : Number(BigInt.asIntN(64, value));

/** Rows of the strings. */
interface Place {
  readonly func: number;
  readonly file: number;
}

/** Gives rows to strings, frames and stacks that are used, each once. */
export class Symbols {
  readonly #texts: readonly string[];
  readonly #limits: Limits;
  readonly #strings: string[] = [];
  readonly #stringRows = new Map<string, number>();
  readonly #func: number[] = [];
  readonly #file: number[] = [];
  readonly #line: number[] = [];
  readonly #frameRows = new Map<string, number>();
  /** Frames of a location, innermost first. */
  readonly #locations = new Map<Numeric, readonly number[]>();
  readonly #frame: number[] = [];
  readonly #parent: number[] = [];
  readonly #stackRows = new Map<number, number>();
  #framesLeft: number;
  cutStacks = 0;

  constructor(decoded: Decoded, limits: Limits) {
    this.#texts = decoded.stringTable.strings;
    this.#limits = limits;
    this.#framesLeft = limits.frames;
    const functions = new Map<Numeric, Place>();
    for (const { id, name, systemName, filename } of decoded.function) {
      if (functions.has(keyOf(id))) throw new Refusal('inconsistent', `The profile has two functions ${id}.`);
      functions.set(keyOf(id), { func: this.string(name === 0 ? systemName : name), file: this.string(filename) });
    }
    for (const { id, address, line } of decoded.location) {
      if (this.#locations.has(keyOf(id))) throw new Refusal('inconsistent', `The profile has two locations ${id}.`);
      const frames = line.map((call) => {
        const place = functions.get(keyOf(call.functionId));
        if (place !== undefined) return this.#frameRow(place, address, signedOf(call.line) | 0);
        throw new Refusal('inconsistent', `Location ${id} is in a function ${call.functionId} that is not there.`);
      });
      if (frames.length === 0)
        frames.push(this.#frameRow({ func: this.#intern(''), file: this.#intern('') }, address, 0));
      this.#locations.set(keyOf(id), frames);
    }
  }

  text(index: Numeric): string {
    const text = typeof index === 'bigint' ? undefined : this.#texts[index];
    if (text !== undefined) return text;
    if (index === 0) return '';
    throw new Refusal('inconsistent', `The profile has no string ${index}: it may be cut.`);
  }

  /** Row of the strings. */
  string(index: Numeric): number {
    return this.#intern(this.text(index));
  }

  /** Row of the stacks; `locations` innermost first. */
  stack(locations: readonly Numeric[]): number {
    const frames: number[] = [];
    let isCut = false;
    for (const id of locations) {
      const own = this.#locations.get(keyOf(id));
      if (own === undefined) throw new Refusal('inconsistent', `A sample is at a location ${id} that is not there.`);
      for (const frame of own) {
        isCut = frames.length === this.#limits.stackFrames;
        if (isCut) break;
        frames.push(frame);
      }
      if (isCut) break;
    }
    if (isCut) this.cutStacks++;
    this.#framesLeft -= frames.length;
    if (this.#framesLeft < 0)
      throw new Refusal('too-large', 'The stacks of the profile have more frames than this reader takes.');
    let row = NONE;
    for (let i = frames.length - 1; i >= 0; i--) row = this.#stackRow(row, frames[i] as number);
    return row;
  }

  finish(): { strings: readonly string[]; frames: FrameTable; stacks: StackTable } {
    return {
      strings: this.#strings,
      frames: {
        length: this.#func.length,
        func: Int32Array.from(this.#func),
        file: Int32Array.from(this.#file),
        line: Int32Array.from(this.#line),
      },
      stacks: {
        length: this.#frame.length,
        frame: Int32Array.from(this.#frame),
        parent: Int32Array.from(this.#parent),
      },
    };
  }

  #intern(text: string): number {
    const known = this.#stringRows.get(text);
    if (known !== undefined) return known;
    const row = this.#strings.push(text) - 1;
    this.#stringRows.set(text, row);
    return row;
  }

  #frameRow({ func: named, file }: Place, address: Numeric, line: number): number {
    const func = this.#strings[named] === '' ? this.#intern(`0x${address.toString(16)}`) : named;
    const key = `${func} ${file} ${line}`;
    const known = this.#frameRows.get(key);
    if (known !== undefined) return known;
    const row = this.#func.push(func) - 1;
    this.#file.push(file);
    this.#line.push(line);
    this.#frameRows.set(key, row);
    return row;
  }

  #stackRow(parent: number, frame: number): number {
    const key = (parent + 1) * this.#func.length + frame; // all frames are known by now
    const known = this.#stackRows.get(key);
    if (known !== undefined) return known;
    if (this.#frame.length >= this.#limits.stacks) {
      throw new Refusal('too-large', 'The profile has more stacks than this reader takes.');
    }
    const row = this.#frame.push(frame) - 1;
    this.#parent.push(parent);
    this.#stackRows.set(key, row);
    return row;
  }
}

/** The same key for the same number, however many bytes it was written in. */
const keyOf = (id: Numeric): Numeric => (typeof id === 'bigint' && id <= Number.MAX_SAFE_INTEGER ? Number(id) : id);
