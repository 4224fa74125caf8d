import type { TraceAnswer } from '@observe/query';
import { useEffect, useRef, useState } from 'react';
import { useApp } from '../app-context.ts';
import type { PageQuestion } from '../source/source.ts';
import { createLatest, type Latest } from './latest.ts';
import { useRunStore } from './run-store.ts';

interface Wish<Q extends PageQuestion> {
  readonly runId: string;
  readonly version: number;
  readonly question: Q;
  /** Tells questions apart. */
  readonly key: string;
}

export interface TraceAnswered<Q extends PageQuestion> {
  /** The latest answer, maybe to the question before; undefined before the first. */
  readonly answer: TraceAnswer<Q> | undefined;
  /** Why the latest question has none, in words. */
  readonly error: string | undefined;
}

/** Asks again whenever the question is another one or the traces tell more. Undefined: nothing is asked. */
export function useTraceAnswer<Q extends PageQuestion>(question: Q | undefined): TraceAnswered<Q> {
  const { source } = useApp();
  const runId = useRunStore((s) => s.runId);
  const version = useRunStore((s) => s.traces.version);
  const [answered, setAnswered] = useState<TraceAnswered<Q>>({ answer: undefined, error: undefined });
  const latest = useRef<Latest<Wish<Q>>>(undefined);
  useEffect(() => {
    const made = createLatest<Wish<Q>, TraceAnswer<Q>>({
      ask: (wish, signal) => source.traces(wish.runId, wish.question, signal),
      isSame: (a, b) => a.version === b.version && a.key === b.key,
      took: (answer, error) => setAnswered((before) => ({ answer: answer ?? before.answer, error })),
    });
    latest.current = made;
    return () => made.stop();
  }, [source, runId]);
  const key = question === undefined ? undefined : JSON.stringify(question);
  useEffect(() => {
    if (runId === undefined || question === undefined || key === undefined) latest.current?.want(undefined);
    else latest.current?.want({ runId, version, question, key });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for the question
  }, [source, runId, version, key]);
  return answered;
}
