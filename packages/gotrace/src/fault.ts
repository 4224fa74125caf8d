/** What is wrong with the bytes. Everything that was good is kept. */
export interface TraceFault {
  readonly kind: TraceFaultKind;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** One sentence, for people. */
  readonly message: string;
}

/**
 * - `bad-header`: not an execution trace
 * - `old-version`: a trace of Go 1.11 – 1.21, which this reader does not read
 * - `newer-version`: a format number that was not known here; read by the newest known rules
 * - `bad-batch`: the framing is broken; nothing after this offset can be read
 * - `bad-table`: a batch of strings, stacks, samples or clocks is broken; the rest of that batch is lost
 * - `bad-event`: an event is cut or unknown; the rest of that batch is lost
 * - `truncated`: the file ends inside of a generation
 * - `out-of-order`: events contradict each other; something was lost
 * - `no-clock`: a generation without a frequency; the one before lent its own
 * - `too-large`: a limit of this reader was met; the rest of the generation is lost
 */
export type TraceFaultKind =
  | 'bad-header'
  | 'old-version'
  | 'newer-version'
  | 'bad-batch'
  | 'bad-table'
  | 'bad-event'
  | 'truncated'
  | 'out-of-order'
  | 'no-clock'
  | 'too-large';

/** Keeps the first `limit` faults of a file and counts the others: a broken file has one for each event. */
export class FaultList {
  readonly faults: TraceFault[] = [];
  dropped = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(kind: TraceFaultKind, offset: number, message: string): void {
    if (this.faults.length < this.#limit) this.faults.push({ kind, offset, message });
    else this.dropped++;
  }
}
