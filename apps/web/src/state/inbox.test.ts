import { expect, test } from 'vitest';
import { createInbox, type Schedule } from './inbox.ts';

/** A clock in steps of 1 ms and a screen of 16 ms a frame. */
function screen(): { schedule: Schedule; runTo(ms: number, each: (nowMs: number) => void): void } {
  let nowMs = 0;
  let waiting: (() => void)[] = [];
  return {
    schedule(run) {
      waiting.push(run);
      return () => (waiting = waiting.filter((other) => other !== run));
    },
    runTo(endMs, each) {
      for (; nowMs < endMs; nowMs++) {
        each(nowMs);
        if (nowMs % 16 !== 0) continue;
        const due = waiting;
        waiting = [];
        for (const run of due) run();
      }
    },
  };
}

test('a message every 10 ms still gives a fold every frame', () => {
  const { schedule, runTo } = screen();
  const folds: number[] = [];
  let nowMs = 0;
  const inbox = createInbox<number>(schedule, () => folds.push(nowMs));
  runTo(1000, (ms) => {
    nowMs = ms;
    if (ms % 10 === 0) inbox.push(ms);
  });
  expect(folds.length).toBeGreaterThan(60);
  for (let i = 1; i < folds.length; i++) expect((folds[i] ?? 0) - (folds[i - 1] ?? 0)).toBe(16);
});

test('everything that came since the last frame is one fold, in order', () => {
  const { schedule, runTo } = screen();
  const folds: (readonly number[])[] = [];
  const inbox = createInbox<number>(schedule, (items) => folds.push(items));
  runTo(33, (ms) => inbox.push(ms));
  expect(folds.map((items) => items.length)).toEqual([1, 16, 16]);
  expect(folds.flat()).toEqual(Array.from({ length: 33 }, (_, i) => i));
});

test('nothing comes after it was stopped', () => {
  const { schedule, runTo } = screen();
  const folds: unknown[] = [];
  const inbox = createInbox<number>(schedule, (items) => folds.push(items));
  inbox.push(1);
  inbox.stop();
  runTo(100, () => undefined);
  expect(folds).toEqual([]);
  expect(inbox.isEmpty()).toBe(true);
});
