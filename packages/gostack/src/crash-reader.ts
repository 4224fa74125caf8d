import { Claim, type Line, type Store } from './claim.ts';
import { DumpReader, isStackStart } from './dump-reader.ts';
import type { Dump } from './goroutine.ts';
import { findHead, findHiddenHead, HeadReader, LastWords, type Head } from './head-reader.ts';
import type { Limits } from './limits.ts';
import { parseTimeout } from './panic.ts';
import type { DumpBlock, Extent, FatalBlock, PanicBlock, SignalBlock } from './report.ts';
import { isProcessEnd } from './text-shape.ts';

export type CrashBlock = PanicBlock | FatalBlock | SignalBlock | DumpBlock;

interface OpenDump {
  /** Undefined: the program printed the stacks itself. */
  readonly head: Head | undefined;
  readonly claim: Claim;
  readonly reader: DumpReader;
  foreign: number;
}

/** Reads heads and the stacks below them, one block at a time. */
export class CrashReader {
  readonly #limits: Limits;
  readonly #store: Store;
  readonly #emit: (block: CrashBlock, firstN: number) => void;
  readonly #lastWords = new LastWords();
  #head: HeadReader | undefined;
  #dump: OpenDump | undefined;

  constructor(limits: Limits, store: Store, emit: (block: CrashBlock, firstN: number) => void) {
    this.#limits = limits;
    this.#store = store;
    this.#emit = emit;
  }

  take(line: Line): void {
    const sure = findHead(line.text);
    if (!sure && this.#goOn(line)) return;
    this.#close();
    const found = sure ?? findHiddenHead(line.text);
    if (found) this.#head = new HeadReader(found, line, this.#lastWords.take(line), this.#limits);
    else if (isStackStart(line.text)) this.#open(undefined, new Claim(this.#store), line);
    else this.#lastWords.note(line);
  }

  end(): void {
    if (this.#head?.isLastWord === true) {
      const claim = new Claim(this.#store);
      const head = this.#head.finish(claim);
      this.#dump = { head, claim, reader: new DumpReader(claim, this.#store, false), foreign: 0 };
    }
    this.#close();
  }

  /** Whether the open block could do something with the line, be it to let it pass. False: the block is over. */
  #goOn(line: Line): boolean {
    if (this.#dump) return this.#goOnDump(this.#dump, line);
    if (!this.#head) return false;
    const answer = this.#head.take(line);
    if (answer === 'stacks') {
      const claim = new Claim(this.#store);
      this.#open(this.#head.finish(claim, line), claim, line);
    }
    return answer !== 'over';
  }

  #goOnDump(dump: OpenDump, line: Line): boolean {
    if (isProcessEnd(line.text)) return false;
    if ((dump.head === undefined || dump.reader.isPrintedByProgram) && dump.reader.startsAnother(line)) return false;
    if (dump.reader.take(line)) dump.foreign = 0;
    else dump.foreign++;
    return dump.foreign <= this.#limits.gapLines;
  }

  #open(head: Head | undefined, claim: Claim, line: Line): void {
    const reader = new DumpReader(claim, this.#store, head?.kind === 'signal');
    this.#head = undefined;
    this.#dump = { head, claim, reader, foreign: 0 };
    reader.take(line);
  }

  #close(): void {
    const open = this.#dump;
    this.#head = undefined;
    this.#dump = undefined;
    if (open === undefined || (open.head === undefined && !open.reader.hasStack)) return;
    const head = open.reader.isPrintedByProgram ? undefined : open.head;
    this.#emit(blockOf(head, open.claim.extent(), open.reader.finish()), open.claim.firstN);
  }
}

function blockOf(head: Head | undefined, extent: Extent, dump: Dump): CrashBlock {
  if (head === undefined) return { kind: 'dump', ...extent, dump };
  const message = head.values.at(-1)?.text ?? '';
  switch (head.kind) {
    case 'panic': {
      const timeout = parseTimeout(message);
      return { kind: 'panic', ...extent, message, panics: head.values, signal: head.signal, timeout, dump };
    }
    case 'fatal':
      return { kind: 'fatal', ...extent, message, signal: head.signal, dump };
    case 'signal': {
      const name = /^SIG[A-Z0-9]+/.exec(message)?.[0];
      return { kind: 'signal', ...extent, name, message, dump };
    }
  }
}
