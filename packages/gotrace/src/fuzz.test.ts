// Whatever the bytes: only faults, never a throw, never time or memory out of proportion.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTrace, traceBytes, type ReadTrace } from '../test/recordings.ts';
import { generation, traceFromText } from '../test/text-trace.ts';
import { createReader, TotalsTable } from './index.ts';

const NAMES = ['shop/go1.22/payments', 'shop/go1.23/reports', 'shop/go1.25/reports', 'shop/go1.26/orders'];
const RECORDED = NAMES.map(traceBytes);
const HEADERS = RECORDED.map((bytes) => bytes.subarray(0, 16));

/** The promises of the tables. */
function expectSound({ segments, faults }: ReadTrace): void {
  const totals = new TotalsTable();
  const last = new Map<number, number>();
  let rows = 0;
  let endNs = -1;
  for (const segment of segments) {
    totals.add(segment);
    const { intervals, goroutines, wakes, counts } = segment;
    expect(goroutines.first).toBe(rows);
    rows += goroutines.length;
    for (let i = 0; i < intervals.length; i++) {
      const row = intervals.goroutine[i]!;
      if (row < 0 || row >= rows) expect.fail(`row ${row} of ${rows}`);
      if (intervals.startNs[i]! > intervals.endNs[i]!) expect.fail('an interval that ends before it starts');
      const before = last.get(row);
      if (before !== undefined && before !== intervals.startNs[i]) expect.fail('a gap in a lane');
      last.set(row, intervals.endNs[i]!);
    }
    for (let i = 1; i < intervals.length; i++) {
      if (intervals.endNs[i]! < intervals.endNs[i - 1]!) expect.fail('intervals out of order');
    }
    for (const row of [...wakes.to, ...wakes.from]) if (row >= rows) expect.fail('a wake of nobody');
    for (const { count } of counts.series) {
      expect(count.length).toBe(counts.length);
      if (count.some((value) => value < 0)) expect.fail('a negative count');
    }
    expect(segment.endNs).toBeGreaterThanOrEqual(endNs);
    endNs = segment.endNs;
  }
  totals.rows();
  expect(faults.length).toBeLessThanOrEqual(100);
}

test('any bytes after a good header', () => {
  const input = fc.tuple(fc.constantFrom(...HEADERS), fc.uint8Array({ maxLength: 400 }));
  fc.assert(
    fc.property(input, ([header, bytes]) => {
      expectSound(readTrace(Uint8Array.of(...header, ...bytes)));
    }),
    { numRuns: 500 },
  );
});

test('recordings with bytes changed, anywhere', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.constantFrom(...RECORDED), edits, (recording, changes) => {
      const bytes = recording.slice();
      for (const [at, value] of changes) bytes[16 + (at % (bytes.length - 16))] = value;
      expectSound(readTrace(bytes));
    }),
    { numRuns: 300 },
  );
});

test('recordings with pieces lost, doubled, moved', () => {
  const cuts = fc.array(fc.tuple(fc.nat(), fc.nat(3000), fc.constantFrom('drop', 'double', 'move')), { maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...RECORDED), cuts, (recording, edits) => {
      let bytes = [...recording];
      for (const [where, size, edit] of edits) {
        const at = 16 + (where % (bytes.length - 16));
        const piece = bytes.slice(at, at + size);
        if (edit === 'double') bytes.splice(at, 0, ...piece);
        else bytes.splice(at, size);
        if (edit === 'move') bytes = [...bytes, ...piece];
      }
      expectSound(readTrace(Uint8Array.from(bytes)));
    }),
    { numRuns: 150 },
  );
});

test.each(RECORDED.map((bytes, i) => [NAMES[i], bytes] as const))('%s, cut at every 97th byte', (_name, bytes) => {
  for (let end = 0; end <= bytes.length; end += 97) expectSound(readTrace(bytes.subarray(0, end)));
});

/** A well-formed trace of events that make no sense. */
const nonsense = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'GoCreate', 'GoCreateSyscall', 'GoStart', 'GoDestroy', 'GoDestroySyscall', 'GoStop', 'GoBlock', 'GoUnblock',
        'GoSyscallBegin', 'GoSyscallEnd', 'GoSyscallEndBlocked', 'GoStatus', 'GoSwitch', 'GoSwitchDestroy',
        'GoCreateBlocked', 'GoStatusStack', 'ProcStart', 'ProcStop', 'ProcSteal', 'ProcStatus', 'STWBegin', 'STWEnd',
        'GCActive', 'GCBegin', 'GCEnd', 'GCSweepActive', 'GCSweepBegin', 'GCSweepEnd', 'GCMarkAssistActive',
        'GCMarkAssistBegin', 'GCMarkAssistEnd', 'HeapAlloc', 'GoLabel', 'UserTaskBegin', 'UserTaskEnd',
        'UserRegionBegin', 'UserRegionEnd', 'UserLog', 'HeapObjectAlloc',
      ), // prettier-ignore
      fc.record({ g: fc.nat(4), seq: fc.nat(3), m: fc.nat(3), p: fc.nat(2), status: fc.nat(5), id: fc.nat(4) }),
      fc.oneof(fc.nat(9), fc.constant(2 ** 52)),
    ),
    { maxLength: 120 },
  )
  .map((events) =>
    events.map(([name, a, dt], i) => {
      const batch = i % 5 === 0 ? `EventBatch gen=${1 + Math.floor(i / 40)} m=${a.m} time=${i}\n` : '';
      return `${batch}${name} dt=${dt} g=${a.g} new_g=${a.g} g_seq=${a.seq} p=${a.p} p_seq=${a.seq} m=${a.m} gc_seq=${a.seq}
        gstatus=${a.status} pstatus=${a.status} stack=${a.id} name_string=${a.id} task=${a.id}`.replace(/\n\s+g/, ' g');
    }),
  );

test('events that make no sense', () => {
  fc.assert(
    fc.property(nonsense, (events) => {
      expectSound(readTrace(traceFromText(`Trace Go1.22\n${generation(1, events.join('\n'))}`)));
    }),
    { numRuns: 500 },
  );
});

test('threads that all wait for what never comes cost linear time', () => {
  const threads = 20_000;
  const batch = (m: number): number[] => [
    1,
    1,
    128 | (m & 127),
    128 | ((m >> 7) & 127),
    m >> 14,
    0,
    8,
    16,
    1,
    9,
    5,
    16,
    1,
    9,
    6,
  ];
  const bytes = [...HEADERS[0]!];
  for (let m = 0; m < threads; m++) bytes.push(...batch(m));
  const startMs = performance.now();
  expectSound(readTrace(Uint8Array.from(bytes)));
  expect(performance.now() - startMs).toBeLessThan(5000);
});

test('a size that promises more than there is takes no memory', () => {
  const reader = createReader();
  reader.push(Uint8Array.of(...HEADERS[3]!, 1, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1));
  expect(reader.end().segments).toEqual([]);
  expect(reader.faults.map(({ kind }) => kind)).toEqual(['bad-batch']);
});
