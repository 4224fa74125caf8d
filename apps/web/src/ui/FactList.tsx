import type { ReactNode } from 'react';

/** Name and value; a value of undefined is not known, and its fact is left out. */
export type Fact = readonly [name: string, value: ReactNode, explanation?: string | undefined];

export function FactList({ facts }: { facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value, explanation]) => (
          <div key={name} className="fact">
            <dt title={explanation}>{name}</dt>
            <dd>
              {value}
              {explanation !== undefined && <span className="fact-note"> {explanation}</span>}
            </dd>
          </div>
        ))}
    </dl>
  );
}
