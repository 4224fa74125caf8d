import { TEST_WAITS, type StackFacts } from './stack-facts.ts';

/**
 * What a reason says of a wait. `receive`: from a channel. `sync`: for a semaphore, of package sync or of others. `program`: in another way
 * for a goroutine of the program. `synctest`: for those of a bubble. `other`: for the runtime, a timer, the network.
 */
type ReasonClass = 'receive' | 'sync' | 'program' | 'synctest' | 'other';

/** Go's texts; source: `runtime/traceruntime.go`. */
const CLASSES: Readonly<Record<string, ReasonClass>> = {
  'chan receive': 'receive',
  'chan send': 'program',
  select: 'program',
  sync: 'sync',
  'sync.(*Cond).Wait': 'program',
  synctest: 'synctest',
};

const LOG = TEST_WAITS.indexOf('log');

/** A wait is known by its reason *and* where it stands: a goroutine that helps the garbage collector stands in the user's calls, too. */
export class WaitReasons {
  readonly #facts: StackFacts;
  #classes: readonly ReasonClass[] = [];

  constructor(facts: StackFacts) {
    this.#facts = facts;
  }

  /** Every reason of the trace so far, by row. */
  learn(reasons: readonly string[]): void {
    if (reasons.length !== this.#classes.length) this.#classes = reasons.map((text) => CLASSES[text] ?? 'other');
  }

  /** Index into TEST_WAITS: the wait of package testing; 0: it is none. */
  testWaitOf(reason: number, stack: number): number {
    const of = this.#classes[reason];
    if (of !== 'receive' && of !== 'sync' && of !== 'synctest') return 0;
    const wait = this.#facts.testWaitOf(stack);
    return (wait === LOG) === (of === 'sync') ? wait : 0;
  }

  /** It waits for another goroutine of the program, by a channel or something of package sync. */
  isForAnother(reason: number, stack: number): boolean {
    const of = this.#classes[reason];
    return of === 'receive' || of === 'program' || (of === 'sync' && this.#facts.isInSync(stack));
  }
}
