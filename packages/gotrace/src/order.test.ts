// What real recordings do not show: coroutines, cgo, broken clocks, lost batches. Traces by hand.
import { describe, expect, test } from 'vitest';
import { lanesText, wakesText } from '../test/describe-trace.ts';
import { readTrace, type ReadTrace } from '../test/recordings.ts';
import { generation, traceFromText } from '../test/text-trace.ts';

const read = (text: string): ReadTrace => readTrace(traceFromText(text));

test('the sequence numbers decide the order, not the times', () => {
  // Thread 1 says that it woke goroutine 2 before thread 0 says that it blocked.
  const trace = read(
    `Trace Go1.22
${generation(
  1,
  `
      EventBatch gen=1 m=0 time=0
      ProcStatus p=0 pstatus=1
      GoStatus g=2 m=0 gstatus=2
      GoBlock dt=100 reason_string=1
      EventBatch gen=1 m=1 time=0
      ProcStatus p=1 pstatus=1
      GoStatus g=1 m=1 gstatus=2
      GoUnblock dt=10 g=2 g_seq=1
      `,
  `String id=1
       data="chan receive"`,
)}`,
  );
  expect(trace.faults).toEqual([]);
  expect(lanesText(trace)).toEqual([
    '1: running …3–103…',
    '2: running …4–102, waiting (chan receive) 102–103, runnable 103–103…',
  ]);
  expect(wakesText(trace)).toEqual(['1 wakes 2 @103 after 1']);
});

test('a coroutine hands over its thread', () => {
  const trace = read(`Trace Go1.23
    ${generation(
      1,
      `
      EventBatch gen=1 m=0 time=0
      ProcStatus p=0 pstatus=1
      GoStatus g=1 m=0 gstatus=2
      GoCreateBlocked dt=10 new_g=2
      GoSwitch dt=10 g=2 g_seq=1
      GoSwitch dt=10 g=1 g_seq=1
      GoSwitch dt=10 g=2 g_seq=2
      GoSwitchDestroy dt=10 g=1 g_seq=2
      GoDestroy dt=10
      `,
    )}`);
  expect(trace.faults).toEqual([]);
  expect(lanesText(trace)).toEqual([
    '1: running …2–23, waiting 23–32, runnable 32–34, running 34–43, waiting 43–52, runnable 52–54, running 54–62',
    '2: waiting 12–22, runnable 22–24, running 24–33, waiting 33–42, runnable 42–44, running 44–53',
  ]);
  expect(trace.segments[0]?.ends.length).toBe(2);
});

test('a goroutine of a C thread lives in syscalls, and its thread id may come again', () => {
  const trace = read(`Trace Go1.22
    ${generation(
      1,
      `
      EventBatch gen=1 m=0 time=0
      GoCreateSyscall new_g=4
      ProcStatus p=0 pstatus=2
      ProcStart p=0 p_seq=1
      GoSyscallEndBlocked
      GoStart g=4 g_seq=1
      GoSyscallBegin p_seq=2
      GoDestroySyscall
      EventBatch gen=1 m=1 time=20
      ProcStatus p=1 pstatus=1
      ProcSteal p=0 p_seq=3 m=0
      EventBatch gen=1 m=0 time=40
      GoCreateSyscall new_g=5
      `,
    )}`);
  expect(trace.faults).toEqual([]);
  expect(lanesText(trace)).toEqual(['4: syscall 1–4, runnable 4–5, running 5–6, syscall 6–8', '5: syscall 41–41…']);
});

describe('across generations', () => {
  const two = (events1: string, events2: string): string => `Trace Go1.22
    ${generation(1, events1)}
    ${generation(2, events2)}`;

  test('a wait goes on, and keeps its reason and its length', () => {
    const trace = read(`Trace Go1.23
      ${generation(
        1,
        `EventBatch gen=1 m=0 time=0
         ProcStatus p=0 pstatus=1
         GoStatus g=1 m=0 gstatus=2
         GoBlock dt=8 reason_string=1`,
        `String id=1
         data="select"`,
      )}
      ${generation(
        2,
        `EventBatch gen=2 m=0 time=100
         ProcStatus dt=0 p=0 pstatus=1
         GoStatus dt=5 g=1 m=18446744073709551615 gstatus=4
         GoUnblock dt=15 g=1 g_seq=1`,
      )}`);
    expect(trace.faults).toEqual([]);
    expect(lanesText(trace)).toEqual([
      '1: running …2–10, waiting (select) 10–10…, waiting (select) …10–105…, waiting (select) …105–120, runnable 120–120…',
    ]);
    expect(wakesText(trace)).toEqual(['-1 wakes 1 @120 after 110']);
  });

  test('an interval of an older goroutine began before the trace', () => {
    const trace = read(
      two(
        `EventBatch gen=1 m=18446744073709551615 time=0
         GoStatus g=1 m=18446744073709551615 gstatus=4`,
        `EventBatch gen=2 m=0 time=50
         ProcStatus p=0 pstatus=1
         GoStatus g=1 m=18446744073709551615 gstatus=4
         GoUnblock g=1 g_seq=1`,
      ),
    );
    expect(wakesText(trace)).toEqual(['-1 wakes 1 @53 after Infinity']);
  });

  test('what was lost is said, and the rest is read', () => {
    const trace = read(
      two(
        `EventBatch gen=1 m=0 time=0
         ProcStatus p=0 pstatus=1
         GoStatus g=1 m=0 gstatus=2
         GoCreate new_g=2
         GoStart g=2 g_seq=7`,
        `EventBatch gen=2 m=0 time=100
         ProcStatus p=0 pstatus=1
         GoStatus g=2 m=0 gstatus=2
         GoStatus g=9 m=18446744073709551615 gstatus=4
         GoBlock`,
      ),
    );
    expect(trace.faults.map(({ kind }) => kind)).toEqual(['out-of-order', 'out-of-order']);
    expect(trace.segments.map(({ isComplete }) => isComplete)).toEqual([true, true]);
    expect(lanesText(trace).map((lane) => lane.split(':')[0])).toEqual(['1', '2', '9']);
  });
});

test('a clock that changes its speed goes on where it was', () => {
  const trace = read(`Trace Go1.22
    EventBatch gen=1 m=1 time=10
    ProcStatus p=0 pstatus=1
    EventBatch gen=1 m=18446744073709551615 time=10
    Frequency freq=1000000000
    EventBatch gen=2 m=1 time=30
    ProcStatus dt=5 p=0 pstatus=1
    EventBatch gen=2 m=18446744073709551615 time=30
    Frequency freq=500000000`);
  expect(trace.segments.map(({ startNs, endNs }) => [startNs, endNs])).toEqual([
    [0, 1],
    [20, 30],
  ]);
});
