import type { RunState } from '@observe/run';
import { useRunStore, type RunStore } from './run-store.ts';

/** Whether something answers questions about goroutines, or will: a trace is there, or a process under capture is about to write one. */
export const hasTraces = ({ run, traces }: Pick<RunStore, 'run' | 'traces'>): boolean =>
  traces.version > 0 ||
  (run !== undefined && (run.processes.length > 0 || run.artifacts.some(({ format }) => format === 'trace')));

export const useHasTraces = (): boolean => useRunStore(hasTraces);

/** Whether more of a trace is to come. */
export const isTraceGrowing = ({ artifacts }: RunState): boolean =>
  artifacts.some(({ format, state }) => format === 'trace' && state === 'growing');
