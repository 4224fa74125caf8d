import type { Counts, TestOutcome } from '@observe/protocol';
import type { ReactNode } from 'react';
import { OutcomeIcon } from './icons.tsx';
import { OUTCOME_WORDS } from './words.ts';

/** Worst first: what needs a look comes before what is well. */
export const OUTCOME_ORDER: readonly TestOutcome[] = ['fail', 'lost', 'never-started', 'running', 'pass', 'skip'];

export const countOf = (counts: Counts, outcome: TestOutcome): number =>
  counts[outcome === 'never-started' ? 'neverStarted' : outcome];
export const totalOf = (counts: Counts): number =>
  OUTCOME_ORDER.reduce((sum, outcome) => sum + countOf(counts, outcome), 0);

/** `✕ 2  ✓ 41`: those that are not zero. */
export function CountList({ counts }: { counts: Counts }): ReactNode {
  return (
    <span className="counts">
      {OUTCOME_ORDER.filter((outcome) => countOf(counts, outcome) > 0).map((outcome) => (
        <span
          key={outcome}
          className={`count tone-${outcome}`}
          title={`${countOf(counts, outcome)} ${OUTCOME_WORDS[outcome]}`}
        >
          <OutcomeIcon outcome={outcome} />
          {countOf(counts, outcome).toLocaleString('en-US')}
          <span className="sr-only"> {OUTCOME_WORDS[outcome]}</span>
        </span>
      ))}
    </span>
  );
}
