/** Reasons that Go gives for a wait or a stop, from 1.22 on. Row 0: none given. Source: Go, `runtime/traceruntime.go`. */
const KNOWN = [
  '',
  'unspecified',
  'forever',
  'network',
  'select',
  'sync.(*Cond).Wait',
  'sync',
  'chan send',
  'chan receive',
  'GC mark assist wait for work',
  'GC background sweeper wait',
  'system goroutine wait',
  'preempted',
  'wait for debug call',
  'wait until GC ends',
  'sleep',
  'GC weak to strong wait',
  'synctest',
  'runtime.Gosched',
] as const;

/** All reasons beyond this row: a newer Go has a dozen, a forged trace has thousands. */
const LAST = 255;

/** Gives reasons their rows; those of a newer Go get one when they first come. */
export class ReasonList {
  #texts: readonly string[] = KNOWN;
  readonly #rows = new Map<string, number>(KNOWN.map((text, row) => [text, row]));

  row(text: string): number {
    const known = this.#rows.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length > LAST) return LAST;
    const row = this.#texts.length;
    this.#texts = [...this.#texts, row === LAST ? 'other' : text];
    this.#rows.set(text, row);
    return row;
  }

  /** Never changed: a later list is longer. */
  get texts(): readonly string[] {
    return this.#texts;
  }
}
