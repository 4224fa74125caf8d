// Ranges of the runtime, metrics, user annotations, samples: traces by hand, for the recordings have few.
import { expect, test } from 'vitest';
import { annotationsText, goidsOf, metricsText, rangesText } from '../test/describe-trace.ts';
import { readTrace, type ReadTrace } from '../test/recordings.ts';
import { generation, traceFromText } from '../test/text-trace.ts';
import { createReader, NONE, SymbolTable } from './index.ts';

const read = (...generations: readonly string[]): ReadTrace =>
  readTrace(traceFromText(`Trace Go1.23\n${generations.join('\n')}`));

const start = (gen: number, time: number): string => `
  EventBatch gen=${gen} m=0 time=${time}
  ProcStatus p=0 pstatus=1
  GoStatus g=1 m=0 gstatus=2`;

const STRINGS = `
  String id=1
  data="checkout"
  String id=2
  data="query"
  String id=3
  data="key"
  String id=4
  data="grüße 🙂"
  String id=5
  data="GC mark termination"`;

test('tasks and regions, open ones and ones older than the trace too', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       UserTaskBegin dt=8 task=7 parent_task=3 name_string=1
       UserRegionBegin dt=10 task=7 name_string=1
       UserRegionBegin dt=10 task=7 name_string=2
       UserRegionEnd dt=10 task=7 name_string=2
       UserRegionEnd dt=10 task=0 name_string=2
       UserLog dt=10 task=7 key_string=3 value_string=4`,
      STRINGS,
    ),
    generation(
      2,
      `${start(2, 100)}
       UserTaskEnd dt=8 task=7
       UserTaskEnd dt=10 task=99
       UserTaskBegin dt=10 task=8 parent_task=0 name_string=1
       GoCreate dt=10 new_g=2
       UserRegionBegin dt=10 task=0 name_string=2`,
      STRINGS,
    ),
  );
  expect(trace.faults).toEqual([]);
  expect(annotationsText(trace)).toEqual([
    'region query of task 7 by 1 30–40',
    'region query of task 0 by 1 -Infinity–50',
    'log 7 key: grüße 🙂 by 1 @60',
    'task 7 checkout < 3 by 1 10–110',
    'task 99  < 0 by -1 -Infinity–120',
    'region query of task 0 by 1 150–Infinity',
    'region checkout of task 7 by 1 20–Infinity',
    'task 8 checkout < 0 by 1 130–Infinity',
  ]);
});

test('a goroutine that ends takes its regions with it', () => {
  const trace = read(
    generation(1, `${start(1, 0)}\nUserRegionBegin dt=8 task=0 name_string=1\nGoDestroy dt=10`, STRINGS),
  );
  expect(annotationsText(trace)).toEqual(['region checkout of task 0 by 1 10–20']);
});

test('what the collector does: cycles, stops of the world, sweeps, assists', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       GCActive dt=1 gc_seq=5
       GCMarkAssistActive dt=1 g=1
       GCMarkAssistEnd dt=6
       GCEnd dt=10 gc_seq=6
       STWBegin dt=10 kind_string=5
       STWEnd dt=10
       GCSweepBegin dt=10
       GCSweepEnd dt=10 swept_value=8192 reclaimed_value=100
       GCBegin dt=10 gc_seq=7
       GCMarkAssistBegin dt=10
       GCMarkAssistEnd dt=10
       GCMarkAssistBegin dt=10`,
      STRINGS,
    ),
  );
  expect(trace.faults).toEqual([]);
  expect(rangesText(trace)).toEqual([
    'markAssist -Infinity–10 by 1',
    'gc -Infinity–20',
    'stopTheWorld 30–40 by 1 (GC mark termination)',
    'sweep 50–60 8192/100',
    'markAssist 80–90 by 1',
    'markAssist 100–Infinity by 1',
    'gc 70–Infinity',
  ]);
});

test('cycles follow each other by number, though the clocks of their threads disagree', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       GCActive gc_seq=1
       GCEnd dt=97 gc_seq=2
       EventBatch gen=1 m=1 time=0
       ProcStatus p=1 pstatus=1
       GoStatus g=2 m=1 gstatus=2
       GCBegin dt=50 gc_seq=3`,
    ),
  );
  expect(trace.faults).toEqual([]);
  expect(rangesText(trace)).toEqual(['gc -Infinity–100', 'gc 101–Infinity']);
});

test('metrics', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       ProcsChange dt=8 procs=4
       HeapAlloc dt=10 heapalloc_value=5000000000
       HeapGoal dt=10 heapgoal_value=4194304`,
    ),
  );
  expect(metricsText(trace)).toEqual([
    '@10 gomaxprocs 4',
    '@20 heapAllocBytes 5000000000',
    '@30 heapGoalBytes 4194304',
  ]);
});

test('CPU samples stand in the order of their times, with their goroutine', () => {
  const trace = read(`${generation(1, `${start(1, 0)}\nGoCreate dt=50 new_g=2\nGoCreate dt=50 new_g=3`, '')}
    EventBatch gen=1 m=18446744073709551615 time=0
    CPUSamples
    CPUSample time=90 m=5 p=1 g=2 stack=0
    CPUSample time=30 m=5 p=18446744073709551615 g=0 stack=0
    CPUSample time=20 m=5 p=0 g=2 stack=0`);
  const { samples } = trace.segments[0]!;
  const goid = goidsOf(trace.segments);
  expect(
    Array.from(samples.atNs, (atNs, i) => [atNs, samples.goid[i], goid(samples.goroutine[i]!), samples.proc[i]]),
  ).toEqual([
    [20, 2, NONE, 0],
    [30, NONE, NONE, NONE],
    [90, 2, 2, 1],
  ]);
});

test('counts: goroutines alive at the end of each step in which something changed', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       GoCreate dt=10 new_g=2
       GoCreate dt=10 new_g=3
       GoBlock dt=2000000 reason_string=2
       GoStart dt=10 g=2 g_seq=1
       GoDestroy dt=5000000`,
      `String id=2
       data="select"`,
    ),
  );
  const { counts, reasons, maxAlive } = trace.segments[0]!;
  expect([...counts.atNs]).toEqual([0, 2e6, 7e6]);
  expect([...counts.maxAlive]).toEqual([3, 3, 3]);
  expect(counts.series.map(({ state, reason, count }) => [state, reasons[reason], ...count])).toEqual([
    [1, '', 2, 1, 1],
    [2, '', 1, 1, 0],
    [4, 'select', 0, 1, 1],
  ]);
  expect(maxAlive).toBe(3);
});

test('experimental events and batches take their place and are kept', () => {
  const trace = read(`${generation(1, `${start(1, 0)}\nHeapObjectAlloc id=9 type=3\nGoCreate new_g=2`)}
    ExperimentalBatch experiment=1 gen=1 m=3 time=0
    byte=5
    byte=6`);
  expect(trace.faults).toEqual([]);
  expect(trace.segments[0]?.events).toBe(4);
  expect(trace.segments[0]?.experimental).toEqual([{ experiment: 1, thread: 3, data: Uint8Array.of(5, 6) }]);
});

test('stacks share their roots; a reason of a newer Go has a row of its own', () => {
  const trace = read(
    generation(
      1,
      `${start(1, 0)}
       GoCreate new_g=2 new_stack=3 stack=1
       GoBlock reason_string=2 stack=2`,
      `Stack id=1 nframes=2
       pc=10 func=3 file=1 line=5
       pc=20 func=1 file=1 line=6
       Stack id=2 nframes=2
       pc=11 func=4 file=1 line=7
       pc=20 func=1 file=1 line=6
       Stack id=3 nframes=1
       pc=12 func=2 file=1 line=8
       ${STRINGS}`,
    ),
  );
  const [segment] = trace.segments;
  const symbols = new SymbolTable();
  symbols.add(segment!.symbols);
  expect(segment!.symbols.stacks.length).toBe(4);
  const stack = segment!.goroutines.createStack[1]!;
  expect(symbols.framesOf(stack)).toEqual([
    { func: 'key', file: 'checkout', line: 5 },
    { func: 'checkout', file: 'checkout', line: 6 },
  ]);
  expect(symbols.string(segment!.goroutines.startFunc[1]!)).toBe('query');
  expect(segment!.reasons.at(-1)).toBe('query');
  expect([...segment!.goroutines.parent]).toEqual([NONE, 0]);
});

test('more open tasks than the limit are counted as what they are', () => {
  const reader = createReader({ openAnnotations: 1 });
  const tasks = [1, 2, 3].map((id) => `UserTaskBegin task=${id} name_string=1`).join('\n');
  reader.push(traceFromText(`Trace Go1.22\n${generation(1, `${start(1, 0)}\n${tasks}`, STRINGS)}`));
  const { open } = reader.end();
  expect([...open.tasks.id]).toEqual([1]);
  expect(reader.faults.map(({ kind }) => kind)).toEqual(['too-large']);
});
