import type { ReactNode } from 'react';
import { usePrefs } from '../../state/prefs-store.ts';
import { useRunStore } from '../../state/run-store.ts';
import { CloseIcon } from '../../ui/icons.tsx';

/** How to get execution traces, for a run without any; once put away it does not come back. */
export function TracesHint(): ReactNode {
  const isGone = usePrefs((s) => s.isTraceHintGone);
  const hasPackages = useRunStore((s) => (s.run?.packages.length ?? 0) > 0);
  if (isGone || !hasPackages) return null;
  return (
    <p className="traces-hint">
      <span className="ellipsis">
        No execution traces: goroutines and memory are shown after <code>observe test ./...</code>, or{' '}
        <code>go test -json -exec "$(observe exec-path)" ./... | observe</code>
      </span>
      <button
        type="button"
        className="icon-button"
        title="Do not show this again"
        aria-label="Do not show this again"
        onClick={() => usePrefs.setState({ isTraceHintGone: true })}
      >
        <CloseIcon />
      </button>
    </p>
  );
}
