import type { RunState } from '@observe/run';
import { useEffect, useState } from 'react';
import { useRunStore } from './run-store.ts';

/** For what reads the whole state: lists of failures change no more often than they can be read. */
const SLOW_MS = 400;

/** The run's state, at most every SLOW_MS while it changes; at once when it is another run or it has ended. */
export function useSlowRun(): RunState | undefined {
  const [run, setRun] = useState(() => useRunStore.getState().run);
  useEffect(() => {
    let timer: number | undefined;
    const take = (): void => {
      timer = undefined;
      setRun(useRunStore.getState().run);
    };
    const off = useRunStore.subscribe((state, before) => {
      if (state.run === before.run) return;
      if (before.run === undefined || state.run?.end !== undefined) {
        window.clearTimeout(timer);
        take();
      } else {
        timer ??= window.setTimeout(take, SLOW_MS);
      }
    });
    take();
    return () => {
      off();
      window.clearTimeout(timer);
    };
  }, []);
  return run;
}
