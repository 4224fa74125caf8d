import type { KeyboardEvent, ReactNode } from 'react';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Said beside the label when it is not zero. */
  readonly count?: number | undefined;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** A row of tabs over one panel, whose id is `panel`. */
export function Tabs<Id extends string>({ label, items, chosen, onChoose }: Props<Id>): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.id === chosen);
    const next = items[(at + step + items.length) % items.length];
    if (next === undefined) return;
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {items.map(({ id, label: word, count }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          className="tab"
          aria-selected={id === chosen}
          aria-controls="panel"
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {word}
          {count !== undefined && count > 0 && <span className="tab-count">{count.toLocaleString('en-US')}</span>}
        </button>
      ))}
    </div>
  );
}
