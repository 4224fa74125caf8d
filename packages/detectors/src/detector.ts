import type { Evidence, Finding, FindingTest } from '@observe/protocol';
import type { FactName, Facts } from './facts.ts';
import type { Words } from './words.ts';

/** What a detector says, before it has an id. */
export interface Claim {
  readonly severity: Finding['severity'];
  readonly confidence: Finding['confidence'];
  readonly words: Words;
  readonly tests: readonly FindingTest[];
  /** What the id is made of, besides the detector and the tests: a place in the code, no line number. Empty: nothing. */
  readonly site: string;
  readonly evidence: readonly Evidence[];
}

/** All that a detector can see: what it needs, and what it uses where it is there. */
type Seen<N extends FactName, U extends FactName> = Pick<Facts, N> & { readonly [K in U]: Facts[K] | undefined };

export interface Detector {
  readonly id: string;
  readonly needs: readonly FactName[];
  readonly uses: readonly FactName[];
  /** `facts` has all that it needs. */
  readonly detect: (facts: Facts) => readonly Claim[];
}

/** Pure: what it says follows from the facts. A fact that is not declared does not compile. */
export const defineDetector = <N extends FactName, U extends FactName = never>(detector: {
  readonly id: string;
  readonly needs: readonly N[];
  readonly uses?: readonly U[];
  readonly detect: (facts: Seen<N, U>) => readonly Claim[];
}): Detector => ({ uses: [], ...detector });
