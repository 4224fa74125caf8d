// Cuts, versions, faults, limits: what a reader of files and of growing files meets.
import { describe, expect, test } from 'vitest';
import { readTrace, traceBytes, transitionsOf } from '../test/recordings.ts';
import { generation, traceFromText } from '../test/text-trace.ts';
import { createReader, SymbolTable, type Segment } from './index.ts';

const RECORDINGS = ['shop/go1.22/auth', 'shop/go1.23/reports', 'shop/go1.25/orders', 'shop/go1.26/reports'];

describe.each(RECORDINGS)('%s', (name) => {
  const bytes = traceBytes(name);
  const whole = readTrace(bytes);

  test.each([
    ['byte by byte', [1]],
    ['in lines of 7', [7]],
    ['in pieces of any size', [1, 4096, 3, 70_000, 16, 17, 65_536, 2]],
  ])('read %s, the tables are the same', (_how, sizes) => {
    expect(readTrace(bytes, sizes)).toEqual(whole);
  });

  test('cut anywhere, every generation that was whole is as before', () => {
    for (let end = 0; end < bytes.length; end += 97) {
      const { segments, faults } = readTrace(bytes.subarray(0, end));
      const complete = segments.filter(({ isComplete }) => isComplete);
      // Before 1.26 the last one may look whole though it is not: nothing tells.
      const known = complete.filter((segment) => segment.offset + segment.byteLength < end || name.includes('1.26'));
      expect(known).toEqual(whole.segments.slice(0, known.length));
      expect(faults.length).toBeLessThanOrEqual(101);
    }
  });
});

test('a generation comes out as soon as it is whole', () => {
  const bytes = traceBytes('shop/go1.26/auth');
  const reader = createReader();
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (const { offset, byteLength } of reader.push(bytes.subarray(at, at + 1)))
      ends.push(offset + byteLength, at + 1);
  }
  expect(ends).toHaveLength(10);
  expect(ends.filter((_, i) => i % 2 === 0)).toEqual(ends.filter((_, i) => i % 2 === 1));
  expect(reader.end().segments).toEqual([]);
});

describe('headers', () => {
  const kindsOf = (bytes: Uint8Array): readonly string[] => readTrace(bytes).faults.map(({ kind }) => kind);
  const header = (text: string): Uint8Array => traceFromText(`Trace ${text}`);

  test.each(['Go1.11', 'Go1.19', 'Go1.21'])('%s is old, and one sentence says what to do', (version) => {
    const { faults, segments } = readTrace(header(version));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.kind).toBe('old-version');
    expect(faults[0]?.message).toMatch(/record it again with Go 1\.22 or later/);
    expect(segments).toEqual([]);
  });

  test('a newer one is tried', () => {
    const text = generation(1, 'EventBatch gen=1 m=0 time=0\nProcStatus p=0 pstatus=1');
    const { faults, segments } = readTrace(traceFromText(`Trace Go1.31\n${text}\nEndOfGeneration`));
    expect(faults.map(({ kind }) => kind)).toEqual(['newer-version']);
    expect(segments.map(({ isComplete, events }) => [isComplete, events])).toEqual([[true, 1]]);
  });

  test('what is none is refused', () => {
    expect(kindsOf(new Uint8Array(100))).toEqual(['bad-header']);
    expect(kindsOf(new Uint8Array(0))).toEqual(['bad-header']);
    expect(kindsOf(new TextEncoder().encode('go 1.26 trace'))).toEqual(['bad-header']);
  });

  test('one without a generation is a process that died early', () => {
    expect(kindsOf(traceBytes('shop/go1.22/reports'))).toEqual(['truncated']);
  });
});

describe('broken batches', () => {
  test('an unknown event costs the rest of its batch, no more', () => {
    const trace = readTrace(
      traceFromText(`Trace Go1.22
      ${generation(
        1,
        `EventBatch gen=1 m=0 time=0
         ProcStatus p=0 pstatus=1
         GoStatus g=1 m=0 gstatus=2
         byte=77
         GoBlock
         EventBatch gen=1 m=0 time=50
         GoCreate new_g=2`,
      )}`),
    );
    expect(trace.faults).toEqual([
      { kind: 'bad-event', offset: 30, message: 'event 77 has no place here; the rest of its batch is lost' },
    ]);
    expect([...(trace.segments[0]?.goroutines.goid ?? [])]).toEqual([1, 2]);
  });

  test('after broken framing nothing is read, and all before it is kept', () => {
    const bytes = traceBytes('shop/go1.26/auth');
    const third = readTrace(bytes).segments[2]!;
    const broken = bytes.slice();
    broken[third.offset] = 99;
    const { segments, faults } = readTrace(broken);
    expect(segments).toEqual(readTrace(bytes).segments.slice(0, 2));
    expect(faults.map(({ kind, offset }) => [kind, offset])).toEqual([['bad-batch', third.offset]]);
  });

  test('a generation may not be larger than the limit', () => {
    const bytes = traceBytes('shop/go1.25/auth');
    const reader = createReader({ generationBytes: 20_000 });
    const segments = [...reader.push(bytes), ...reader.end().segments];
    expect(segments.some(({ isComplete }) => !isComplete)).toBe(true);
    expect(reader.faults.some(({ kind }) => kind === 'too-large')).toBe(true);
  });

  test('no clock: that of the generation before', () => {
    const { segments, faults } = readTrace(
      traceFromText(`Trace Go1.22
      ${generation(1, 'EventBatch gen=1 m=0 time=0\nProcStatus p=0 pstatus=1')}
      EventBatch gen=2 m=0 time=100
      ProcStatus p=0 pstatus=1`),
    );
    expect(faults.map(({ kind }) => kind)).toEqual(['no-clock']);
    expect(segments.map(({ startNs, endNs, isComplete }) => [startNs, endNs, isComplete])).toEqual([
      [0, 1, true],
      [100, 101, false],
    ]);
  });
});

test('a generation in parts tells the same as in one', () => {
  const bytes = traceBytes('shop/go1.26/payments');
  const whole = readTrace(bytes).segments;
  const reader = createReader({ segmentIntervals: 500 });
  const parts = [...reader.push(bytes), ...reader.end().segments];
  expect(parts.length).toBeGreaterThan(15);
  expect(parts.map(({ part }) => part)).toEqual(parts.map((_, i) => i));
  expect(parts.map(({ isLast }) => isLast)).toEqual(parts.map((_, i) => i === parts.length - 1));
  expect(parts.every(({ isComplete }) => isComplete)).toBe(true);
  expect(transitionsOf(parts)).toEqual(transitionsOf(whole));
  const sum = (field: (segment: Segment) => number, of: readonly Segment[]): number =>
    of.reduce((total, segment) => total + field(segment), 0);
  for (const field of [
    (s: Segment) => s.events,
    (s: Segment) => s.byteLength,
    (s: Segment) => s.wakes.length,
    (s: Segment) => s.metrics.length,
    (s: Segment) => s.symbols.stacks.length,
    (s: Segment) => s.ends.length,
  ]) {
    expect(sum(field, parts)).toBe(sum(field, whole));
  }
  for (const [i, part] of parts.entries()) {
    expect(part.startNs).toBe(i === 0 ? 0 : parts[i - 1]!.endNs);
    expect(Math.min(...part.intervals.startNs)).toBeGreaterThanOrEqual(part.startNs);
  }
});

test('a callback gets the same segments, one by one', () => {
  const bytes = traceBytes('shop/go1.25/orders');
  const segments: Segment[] = [];
  const reader = createReader({}, (segment) => segments.push(segment));
  expect(reader.push(bytes)).toEqual([]);
  expect(reader.end().segments).toEqual([]);
  expect(segments).toEqual(readTrace(bytes).segments);
});

test('symbols have one row in all generations', () => {
  const { segments } = readTrace(traceBytes('shop/go1.26/auth'));
  const symbols = new SymbolTable();
  const texts = new Set<string>();
  let strings = 0;
  for (const segment of segments) {
    symbols.add(segment.symbols);
    strings += segment.symbols.strings.length;
    for (const text of segment.symbols.strings) texts.add(text);
  }
  expect(segments.length).toBe(5);
  expect(texts.size).toBe(strings);
  const { intervals } = segments[2]!;
  const lock = [...intervals.stack].find((stack) => symbols.string(symbols.funcOf(stack)) === 'sync.(*Mutex).Lock')!;
  expect(symbols.framesOf(lock).at(-1)?.func).toBe('example.com/shop/auth.TestSessionDeadlock.func1');
  expect(symbols.framesOf(symbols.rootOf(lock))).toHaveLength(1);
});

test('segments refer to nothing: they can be handed to another thread', () => {
  const { segments } = readTrace(traceBytes('shop/go1.25/orders'));
  expect(structuredClone(segments)).toEqual(segments);
});
