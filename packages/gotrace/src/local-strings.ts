import { decodeText } from './bytes.ts';
import { I32Column } from './columns.ts';
import { LocalIds } from './local-ids.ts';
import type { ReasonList } from './reasons.ts';
import type { SymbolBuilder } from './symbols.ts';

const UNKNOWN = -1;

/** The strings of one generation, by its ids. Read only when asked for: most are never shown. */
export class LocalStrings {
  /** Ids asked for that the generation has not. */
  missing = 0;
  readonly #ids = new LocalIds();
  readonly #start = new I32Column();
  readonly #end = new I32Column();
  readonly #row = new I32Column();
  readonly #reason = new I32Column();
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #symbols: SymbolBuilder;
  readonly #reasons: ReasonList;

  constructor(symbols: SymbolBuilder, reasons: ReasonList) {
    this.#symbols = symbols;
    this.#reasons = reasons;
  }

  /** Forgets all; the next strings lie in `bytes`. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#ids.clear();
    this.#start.length = this.#end.length = this.#row.length = this.#reason.length = 0;
    this.missing = 0;
  }

  add(id: number, start: number, end: number): void {
    this.#ids.set(id, this.#start.length);
    this.#start.push(start);
    this.#end.push(end);
    this.#row.push(UNKNOWN);
    this.#reason.push(UNKNOWN);
  }

  text(id: number): string {
    if (id === 0) return '';
    const local = this.#ids.get(id);
    if (local >= 0) return this.#read(local);
    this.missing++;
    return '';
  }

  /** Row of the trace's strings. */
  row(id: number): number {
    const local = id === 0 ? UNKNOWN : this.#ids.get(id);
    if (local < 0) return this.#symbols.string(this.text(id));
    let row = this.#row.values[local] as number;
    if (row === UNKNOWN) {
      row = this.#symbols.string(this.#read(local));
      this.#row.values[local] = row;
    }
    return row;
  }

  /** Row of the trace's reasons. */
  reason(id: number): number {
    if (id === 0) return 0;
    const local = this.#ids.get(id);
    if (local < 0) {
      this.missing++;
      return 0;
    }
    let row = this.#reason.values[local] as number;
    if (row === UNKNOWN) {
      row = this.#reasons.row(this.#read(local));
      this.#reason.values[local] = row;
    }
    return row;
  }

  #read(local: number): string {
    return decodeText(this.#bytes, this.#start.values[local] as number, this.#end.values[local] as number);
  }
}
