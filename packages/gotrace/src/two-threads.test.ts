// A reader in two threads, without the threads: what the first says is heard at once by the second.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROGRAMS, readTrace, traceBytes, TRACES, type ReadTrace } from '../test/recordings.ts';
import { traceFromText } from '../test/text-trace.ts';
import { createReader, createSharedLog, serveDecoder, serveTables, type FromReader, type Limits } from './index.ts';

function readInTwo(bytes: Uint8Array, sizes: readonly number[] = [bytes.length], limits: Partial<Limits> = {}) {
  const log = createSharedLog();
  const answers: FromReader[] = [];
  const tables = serveTables(log, (message) => answers.push(message));
  const decode = serveDecoder(log, tables);
  decode({ type: 'open', limits });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    decode({ type: 'push', bytes: bytes.slice(at, at + size) });
    at += size;
  }
  decode({ type: 'end' });
  return {
    segments: answers.flatMap((answer) => (answer.type === 'segment' ? [answer.segment] : [])),
    faults: answers.flatMap((answer) => (answer.type === 'read' ? answer.faults : [])),
    droppedFaults: answers.flatMap((answer) => (answer.type === 'read' ? [answer.droppedFaults] : [])).at(-1),
    open: answers.flatMap((answer) => (answer.type === 'end' ? [answer.open] : [])).at(0),
    failures: answers.filter(({ type }) => type === 'failed'),
  };
}

function readInOne(bytes: Uint8Array, limits: Partial<Limits> = {}) {
  const reader = createReader(limits);
  const segments = [...reader.push(bytes)];
  const end = reader.end();
  return {
    segments: [...segments, ...end.segments],
    faults: reader.faults,
    droppedFaults: reader.droppedFaults,
    open: end.open,
    failures: [],
  };
}

test.each([...TRACES, ...PROGRAMS])('%s: the same tables from two threads as from one', (name) => {
  const bytes = traceBytes(name);
  expect(readInTwo(bytes)).toEqual(readInOne(bytes));
});

test.each(['shop/go1.22/payments', 'shop/go1.25/orders', 'shop/go1.27/reports', 'programs/annotations-stress'])(
  '%s: cut and damaged anywhere, too; in parts, too',
  (name) => {
    const whole = traceBytes(name);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(whole.length), damage, fc.constantFrom(1, 50, 1000, 1e6), (length, changes, parts) => {
        const bytes = whole.slice(0, length);
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        const limits = { segmentIntervals: parts, faults: 5 };
        expect(readInTwo(bytes, [997], limits)).toEqual(readInOne(bytes, limits));
      }),
      { numRuns: 25 },
    );
  },
);

test('what has no limit in the format has none between the threads: wide ids, many events that change nothing', () => {
  const stops = Array.from({ length: 30_000 }, () => 'ProcStop').join('\n');
  const bytes = traceFromText(`
    Trace Go1.26
    EventBatch gen=1 m=0 time=0
    ProcStatus p=0 pstatus=1
    GoStatus g=9007199254740991 m=0 gstatus=2
    UserTaskBegin task=9007199254740991 parent_task=4294967296 name_string=4294967297 stack=4294967298
    GoBlock reason_string=4294967297 stack=6442450945
    ${stops}
    GoUnblock g=9007199254740991 g_seq=1 stack=0
    EventBatch gen=1 m=18446744073709551615 time=0
    Frequency freq=1000000000
    EndOfGeneration`);
  const one: Pick<ReadTrace, 'segments'> = readTrace(bytes);
  const two = readInTwo(bytes);
  expect(two.segments).toEqual(one.segments);
  expect(two.segments[0]?.events).toBe(30_005);
});
