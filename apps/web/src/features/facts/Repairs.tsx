import { REPAIRS, type RepairId } from '@observe/gotest';
import type { ReactNode } from 'react';

/** What of a test or a package is our guess and not Go's word, each with the rule's own words. */
export function Repairs({ ids }: { ids: readonly RepairId[] }): ReactNode {
  if (ids.length === 0) return null;
  return (
    <section className="repairs">
      <h3>Not Go’s word</h3>
      <ul>
        {ids.map((id) => {
          const repair = REPAIRS.find((known) => known.id === id);
          return (
            <li key={id}>
              <span className="tag">{id}</span> {repair?.what ?? ''}
              {repair !== undefined && repair.issues.length > 0 && (
                <span className="faint"> {repair.issues.map((issue) => `golang/go#${issue}`).join(', ')}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
