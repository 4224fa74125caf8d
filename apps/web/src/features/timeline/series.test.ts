import type { SeriesAnswer } from '@observe/protocol';
import type { TraceAnswer } from '@observe/query';
import { expect, test } from 'vitest';
import type { PageQuestion, RunSource } from '../../source/source.ts';
import { createSeries, type Series, type SeriesWish } from './series.ts';

const wish = (fromMs: number, toMs: number, more: Partial<SeriesWish> = {}): SeriesWish => {
  const [fromNs, toNs] = [fromMs * 1e6, toMs * 1e6];
  const range = { kind: 'fixed', fromNs, toNs } as const;
  return { runId: 'r', version: 1, range, view: { fromNs, toNs, widthPx: 10 }, width: 10, ...more };
};

/** A source that answers when it is told to. */
function asked(): {
  series: Series;
  questions: { fromMs: number; signal: AbortSignal | undefined; answer(): Promise<void>; fail(): Promise<void> }[];
  changes: () => number;
} {
  let changes = 0;
  const questions: ReturnType<typeof asked>['questions'] = [];
  const source: Pick<RunSource, 'traces'> = {
    traces: <Q extends PageQuestion>(_run: string, question: Q, signal?: AbortSignal) =>
      new Promise<TraceAnswer<Q>>((resolve, reject) => {
        if (question.kind !== 'series') throw new Error(question.kind);
        const { fromNs, toNs, width } = question;
        const none = { counts: [], heapBytes: [], heapGoalBytes: [], gc: [], stopTheWorld: [] };
        const answer: SeriesAnswer = { schema: 1, processes: 0, fromNs, toNs, width, ...none };
        const settled = async (settle: () => void): Promise<void> => {
          settle();
          await Promise.resolve().then(() => Promise.resolve());
        };
        questions.push({
          fromMs: fromNs / 1e6,
          signal,
          answer: () => settled(() => resolve(answer as TraceAnswer<Q>)),
          fail: () => settled(() => reject(new Error('the thread is gone'))),
        });
      }),
  };
  return { series: createSeries(source, () => changes++), questions, changes: () => changes };
}

test('one question is under way at a time, and the newest wish is asked next', async () => {
  const { series, questions } = asked();
  for (const from of [0, 1, 2, 3]) series.want(wish(from, 10 + from));
  expect(questions.map(({ fromMs }) => fromMs)).toEqual([0]);
  await questions[0]?.answer();
  expect(questions.map(({ fromMs }) => fromMs)).toEqual([0, 3]);
  expect(series.chart?.fromNs).toBe(0);
  await questions[1]?.answer();
  expect(series.chart?.fromNs).toBe(3e6);
});

test('a view that moves by itself asks nothing: only another range, width or version does', async () => {
  const { series, questions } = asked();
  const live = wish(0, 10);
  series.want(live);
  await questions[0]?.answer();
  series.want({ ...live, view: { fromNs: 0, toNs: 11e6, widthPx: 10 } });
  expect(questions).toHaveLength(1);
  series.want({ ...live, version: 2 });
  expect(questions).toHaveLength(2);
});

test('a question whose window is out of sight is called off; one that still overlaps is waited for', async () => {
  const { series, questions } = asked();
  series.want(wish(0, 10));
  series.want(wish(5, 15));
  expect(questions).toHaveLength(1);
  series.want(wish(20, 30));
  expect(questions[0]?.signal?.aborted).toBe(true);
  expect(questions.map(({ fromMs }) => fromMs)).toEqual([0, 20]);
  await questions[0]?.answer();
  expect(series.chart).toBeUndefined();
});

test('what is older stays when a question fails, with what was wrong; another run begins with nothing', async () => {
  const { series, questions, changes } = asked();
  series.want(wish(0, 10));
  await questions[0]?.answer();
  const again = wish(0, 10, { version: 2 });
  series.want(again);
  await questions[1]?.fail();
  expect([series.chart?.fromNs, series.error, changes()]).toEqual([0, 'the thread is gone', 2]);
  series.want(again);
  expect(questions).toHaveLength(2); // not again and again
  series.want(wish(0, 10, { runId: 'other' }));
  expect([series.chart, series.error]).toEqual([undefined, undefined]);
  expect(questions).toHaveLength(3);
});
