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
}

/** Where blocks are kept: what programs print must not crowd out what kills them. */
export interface Stores {
  readonly crash: Store;
  readonly talk: Store;
}

/** Reads heads and the stacks below them, one block at a time. */
export class CrashReader {
  readonly #limits: Limits;
  readonly #stores: Stores;
  readonly #emit: (block: CrashBlock, firstN: number) => void;
  readonly #lastWords = new LastWords();
  #head: HeadReader | undefined;
  #dump: OpenDump | undefined;

  constructor(limits: Limits, stores: Stores, emit: (block: CrashBlock, firstN: number) => void) {
    this.#limits = limits;
    this.#stores = stores;
    this.#emit = emit;
  }

  take(line: Line): void {
    const sure = findHead(line.text);
    if (!sure) this.#lastWords.note(line);
    if (!sure && this.#goOn(line)) return;
    this.#close();
    const found = sure ?? findHiddenHead(line.text);
    if (found) this.#head = new HeadReader(found, line, this.#lastWords.take(found.kind, line), this.#limits);
    else if (isStackStart(line)) this.#open(line);
  }

  end(): void {
    if (this.#head?.isLastWord === true) this.#open();
    this.#close();
  }

  /** Whether the open block could do something with the line, be it to let it pass. False: the block is over. */
  #goOn(line: Line): boolean {
    if (this.#dump) return this.#goOnDump(this.#dump, line);
    if (!this.#head) return false;
    const answer = this.#head.take(line);
    if (answer === 'stacks') this.#open(line);
    return answer !== 'over';
  }

  #goOnDump(dump: OpenDump, line: Line): boolean {
    if (isProcessEnd(line.text)) return false;
    if ((dump.head === undefined || dump.reader.isPrintedByProgram) && dump.reader.startsAnother(line)) return false;
    dump.reader.take(line);
    return line.n - dump.claim.lastN <= this.#limits.gapLines;
  }

  /** Opens the dump below the open head, if there is one; `stacks` is its first line. */
  #open(stacks?: Line): void {
    const store = this.#head ? this.#stores.crash : this.#stores.talk;
    const claim = new Claim(store);
    const head = this.#head?.finish(claim, stacks);
    const reader = new DumpReader(claim, store, head?.kind === 'signal');
    this.#head = undefined;
    this.#dump = { head, claim, reader };
    if (stacks) reader.take(stacks);
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
