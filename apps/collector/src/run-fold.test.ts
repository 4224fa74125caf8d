import { recordsOf, streamFromText } from '@observe/testkit';
import type { RawRecord } from '@observe/store';
import { expect, test } from 'vitest';
import { RunFold } from './run-fold.ts';

const MEGABYTE = 1024 * 1024;

test('a log that grows faster than it is folded is read back, and folded whole and in order', async () => {
  const printed = `{"Action":"output","Package":"store","Test":"TestOpen","Output":"${'x'.repeat(MEGABYTE)}\\n"}\n`;
  const text =
    streamFromText('store start@0\n store TestOpen run@1ms') +
    printed.repeat(40) +
    streamFromText('store TestOpen pass@20ms');
  const log = recordsOf(text, null, 1).map(({ header, text }): RawRecord => ({ header, payload: Buffer.from(text) }));
  const asked: number[] = [];
  const fold = new RunFold(async function* (from, to) {
    asked.push(from);
    await Promise.resolve();
    yield* log.filter(({ header }) => header.seq >= from && header.seq < to);
  });

  for (const record of log) fold.push(record);
  await fold.settled();

  expect(asked.length).toBeGreaterThan(1);
  expect(fold.state.seq).toBe(log.length);
  expect(fold.state.counts.pass).toBe(1);
  expect(fold.state.tests.chunks[0]?.[0]?.output.chars).toBeGreaterThan(40 * MEGABYTE);
});
