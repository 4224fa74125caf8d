import { memo, useEffect, useRef, type ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { SORTS, type Sort } from '../../state/tree.ts';
import { clearFilter, setExpansion, setSort, setText, toggleOutcome, useView } from '../../state/view-store.ts';
import { countOf, OUTCOME_ORDER } from '../../ui/CountList.tsx';
import { CloseIcon, CollapseAllIcon, ExpandAllIcon, OutcomeIcon, SearchIcon } from '../../ui/icons.tsx';
import { OUTCOME_WORDS } from '../../ui/words.ts';

const SORT_WORDS: Readonly<Record<Sort, string>> = { start: 'Start', duration: 'Duration', name: 'Name' };

/** Search, sort, and a chip for each outcome there is. */
export const TreeToolbar = memo(function TreeToolbar(): ReactNode {
  const text = useView((s) => s.text);
  const sort = useView((s) => s.sort);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="tree-toolbar">
      <div className="tree-search">
        <label className="field">
          <SearchIcon />
          <input
            ref={input}
            type="search"
            placeholder="Search tests  /"
            aria-label="Search tests"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.stopPropagation();
              setText('');
              event.currentTarget.blur();
            }}
          />
        </label>
        <label className="sort">
          <span className="sr-only">Sort by</span>
          <select
            value={sort}
            title="Sort by"
            onChange={(event) => setSort(SORTS.find((s) => s === event.target.value) ?? 'start')}
          >
            {SORTS.map((word) => (
              <option key={word} value={word}>
                {SORT_WORDS[word]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="icon-button"
          title="Expand all"
          aria-label="Expand all"
          onClick={() => setExpansion('all')}
        >
          <ExpandAllIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          title="Collapse all"
          aria-label="Collapse all"
          onClick={() => setExpansion('none')}
        >
          <CollapseAllIcon />
        </button>
      </div>
      <Chips />
    </div>
  );
});

function Chips(): ReactNode {
  const counts = useRunStore((s) => s.run?.counts);
  const outcomes = useView((s) => s.outcomes);
  const isFiltered = useView((s) => s.outcomes.size > 0 || s.text !== '');
  return (
    <div className="chips" role="group" aria-label="Show only">
      {counts !== undefined &&
        OUTCOME_ORDER.filter((outcome) => countOf(counts, outcome) > 0 || outcomes.has(outcome)).map((outcome) => (
          <button
            key={outcome}
            type="button"
            className="chip"
            aria-pressed={outcomes.has(outcome)}
            aria-label={`${OUTCOME_WORDS[outcome]}: ${countOf(counts, outcome)}`}
            title={`Show only: ${OUTCOME_WORDS[outcome]}`}
            onClick={() => toggleOutcome(outcome)}
          >
            <OutcomeIcon outcome={outcome} />
            {countOf(counts, outcome).toLocaleString('en-US')}
          </button>
        ))}
      {isFiltered && (
        <button
          type="button"
          className="icon-button"
          title="Clear the filter"
          aria-label="Clear the filter"
          onClick={clearFilter}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  );
}
