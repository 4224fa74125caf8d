import type { OutputAnswer, OutputLine } from '@observe/protocol';
import type { Page } from '@observe/query';
import { expect, test } from 'vitest';
import { OutputBuffer, PAGE_LINES } from './output-buffer.ts';

const line = (i: number): OutputLine => ({ seq: i + 1, atNs: null, text: `line ${i}`, kind: 'print', grade: 'likely' });

/** An output of `count` lines that remembers what it was asked. */
function output(count: number): { asked: Page[]; count: number; fetch(page: Page): Promise<OutputAnswer> } {
  return {
    asked: [],
    count,
    async fetch(page) {
      this.asked.push(page);
      const from = page.isTail === true ? Math.max(0, this.count - page.limit) : page.from;
      const lines = Array.from({ length: Math.max(0, Math.min(page.limit, this.count - from)) }, (_, i) =>
        line(from + i),
      );
      return { schema: 1, total: this.count, from, lines };
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('asks only for the pages that are looked at, and for each once', async () => {
  const source = output(250_000);
  const buffer = new OutputBuffer((page) => source.fetch(page));
  buffer.need(120_000, 120_050);
  buffer.need(120_010, 120_060);
  await settle();
  buffer.need(120_000, 120_060);
  expect(source.asked).toEqual([{ from: 120_000, limit: PAGE_LINES }]);
  expect(buffer.lineAt(120_049)?.text).toBe('line 120049');
  expect(buffer.total).toBe(250_000);
});

test('however often it is told of more, it asks once at a time, and once more at the end', async () => {
  const source = output(10);
  const buffer = new OutputBuffer((page) => source.fetch(page));
  const first = buffer.refresh();
  for (let i = 0; i < 100; i++) void buffer.refresh();
  source.count = 1000;
  await first;
  expect(source.asked.length).toBe(2);
  expect(buffer.total).toBe(1000);
  expect(buffer.lineAt(999)?.text).toBe('line 999');
});

test('forgets lines that were taken away', async () => {
  const source = output(600);
  const buffer = new OutputBuffer((page) => source.fetch(page));
  await buffer.refresh();
  source.count = 3;
  await buffer.refresh();
  expect(buffer.total).toBe(3);
  expect(buffer.lineAt(599)).toBeUndefined();
});

test('reads the line anew that was the last one when much has come since', async () => {
  const source = output(10);
  const buffer = new OutputBuffer((page) => source.fetch(page));
  await buffer.refresh();
  source.count = 5000;
  await buffer.refresh();
  expect(buffer.lineAt(8)?.text).toBe('line 8');
  expect(buffer.lineAt(9)).toBeUndefined();
});

test('hands out all lines in pieces', async () => {
  const source = output(12_001);
  const buffer = new OutputBuffer((page) => source.fetch(page));
  let count = 0;
  for await (const lines of buffer.all(new AbortController().signal)) count += lines.length;
  expect(count).toBe(12_001);
});

test('an answer that fails is told, and a later one mends it', async () => {
  let isBroken = true;
  const source = output(1);
  const buffer = new OutputBuffer(async (page) => {
    if (isBroken) throw new Error('The collector is away.');
    return source.fetch(page);
  });
  await buffer.refresh();
  expect(buffer.error).toBe('The collector is away.');
  isBroken = false;
  await buffer.refresh();
  expect(buffer.error).toBeUndefined();
});
