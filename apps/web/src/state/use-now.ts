import { useSyncExternalStore } from 'react';
import { nowNs, useRunStore } from './run-store.ts';

/** A tenth of a second is as fine as a ticking figure can be read. */
const TICK_MS = 100;

function subscribe(changed: () => void): () => void {
  const timer = window.setInterval(() => useRunStore.getState().clock.isTicking && changed(), TICK_MS);
  const unsubscribe = useRunStore.subscribe((state, before) => {
    if (state.clock !== before.clock && !state.clock.isTicking) changed();
  });
  return () => {
    window.clearInterval(timer);
    unsubscribe();
  };
}

/** In whole ticks, so that asking twice within one gives the same. */
const snapshot = (): number => Math.floor(nowNs() / (TICK_MS * 1e6)) * TICK_MS * 1e6;

/** ns since the run's first event, as time goes by; stands still when the run has ended or its collector is away. */
export const useNowNs = (): number => useSyncExternalStore(subscribe, snapshot);
