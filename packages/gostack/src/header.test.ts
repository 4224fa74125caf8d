import { expect, test } from 'vitest';
import { parseGoroutineHeader, type GoroutineHeader } from './header.ts';

const PLAIN: GoroutineHeader = {
  goid: 0,
  status: '',
  waitMinutes: undefined,
  isLockedToThread: false,
  isLeaked: false,
  isDurable: false,
  isScan: false,
  bubble: undefined,
  labels: {},
  gp: undefined,
  m: undefined,
  mp: undefined,
  rest: '',
};

test.each<[go: string, line: string, expected: Partial<GoroutineHeader>]>([
  ['1.19', 'goroutine 1 [running]:', { goid: 1, status: 'running' }],
  ['1.19', 'goroutine 18 [semacquire, 9 minutes]:', { goid: 18, status: 'semacquire', waitMinutes: 9 }],
  [
    '1.19',
    'goroutine 5 [syscall, 12 minutes, locked to thread]:',
    { goid: 5, status: 'syscall', waitMinutes: 12, isLockedToThread: true },
  ],
  ['1.19', 'goroutine 7 [chan receive (nil chan)]:', { goid: 7, status: 'chan receive (nil chan)' }],
  ['1.19', 'goroutine 7 [runnable (scan)]:', { goid: 7, status: 'runnable', isScan: true }],
  ['1.21', 'goroutine 33 [sync.Mutex.Lock, 1 minutes]:', { goid: 33, status: 'sync.Mutex.Lock', waitMinutes: 1 }],
  [
    '1.22',
    'goroutine 0 gp=0x6d3e20 m=0 mp=0x6d4e20 [idle]:',
    { goid: 0, status: 'idle', gp: '0x6d3e20', m: '0', mp: '0x6d4e20' },
  ],
  [
    '1.22',
    'goroutine 2 gp=0x4b46346a780 m=nil [force gc (idle), 3 minutes]:',
    { goid: 2, status: 'force gc (idle)', gp: '0x4b46346a780', m: 'nil', waitMinutes: 3 },
  ],
  [
    '1.24',
    'goroutine 21 [select (synctest), synctest group 20]:',
    { goid: 21, status: 'select', isDurable: true, bubble: { kind: 'group', id: 20 } },
  ],
  [
    '1.25',
    'goroutine 21 [chan receive (durable), synctest bubble 1]:',
    { goid: 21, status: 'chan receive', isDurable: true, bubble: { kind: 'bubble', id: 1 } },
  ],
  [
    '1.25',
    'goroutine 8 [select (no cases) (durable), synctest bubble 2]:',
    { goid: 8, status: 'select (no cases)', isDurable: true, bubble: { kind: 'bubble', id: 2 } },
  ],
  [
    '1.25',
    'goroutine 9 [sleep (scan) (durable), 2 minutes, locked to thread, synctest bubble 3]:',
    {
      goid: 9,
      status: 'sleep',
      isScan: true,
      isDurable: true,
      waitMinutes: 2,
      isLockedToThread: true,
      bubble: { kind: 'bubble', id: 3 },
    },
  ],
  ['1.26', 'goroutine 17 [chan receive (leaked)]:', { goid: 17, status: 'chan receive', isLeaked: true }],
  [
    '1.26',
    'goroutine 17 [chan receive (nil chan) (leaked), 4 minutes]:',
    { goid: 17, status: 'chan receive (nil chan)', isLeaked: true, waitMinutes: 4 },
  ],
  [
    '1.26',
    String.raw`goroutine 31 [chan receive labels:{"a]b": "x\"y", "test": "TestName"}]:`,
    { goid: 31, status: 'chan receive', labels: { 'a]b': 'x"y', test: 'TestName' } },
  ],
  [
    '1.26',
    String.raw`goroutine 5 [select, 5 minutes labels:{"k": "x\"y\n\u00e9\x07\U0001f600\q"}]:`,
    { goid: 5, status: 'select', waitMinutes: 5, labels: { k: 'x"y\né\u0007😀\\q' } },
  ],
  [
    '1.27',
    String.raw`goroutine 14 [chan receive] {test: TestName, "odd key": "x\ny"}:`,
    { goid: 14, status: 'chan receive', labels: { test: 'TestName', 'odd key': 'x\ny' } },
  ],
  [
    '1.27',
    'goroutine 14 [select (no cases) (durable), 3 minutes, synctest bubble 7] {path: a/b.go, "x]": "}"}:',
    {
      goid: 14,
      status: 'select (no cases)',
      isDurable: true,
      waitMinutes: 3,
      bubble: { kind: 'bubble', id: 7 },
      labels: { path: 'a/b.go', 'x]': '}' },
    },
  ],
])('reads a header of Go %s: %s', (_go, line, expected) => {
  expect(parseGoroutineHeader(line)).toEqual({ ...PLAIN, ...expected });
});

test.each([
  ['goroutine 3 [select, on fire, 2 minutes]:', { goid: 3, status: 'select', waitMinutes: 2, rest: 'on fire' }],
  ['goroutine 3 p=7 gp=0x1 [select]:', { goid: 3, status: 'select', gp: '0x1', rest: 'p=7' }],
  ['goroutine 3 [select] (new in 1.40):', { goid: 3, status: 'select', rest: '(new in 1.40)' }],
  ['goroutine 3 [select] {test: T} etc:', { goid: 3, status: 'select', labels: { test: 'T' }, rest: 'etc' }],
  ['goroutine 3 [select labels:{broken]:', { goid: 3, status: 'select', rest: 'labels:{broken' }],
  ['goroutine 3 [a "lonely quote]:', { goid: 3, status: 'a "lonely quote' }],
])('keeps what no Go wrote so far: %s', (line, expected) => {
  expect(parseGoroutineHeader(line)).toEqual({ ...PLAIN, ...expected });
});

test.each([
  '',
  'goroutine',
  'goroutine 1 [running]',
  'goroutine x [running]:',
  'goroutine 1 running:',
  'goroutine 1 [running:',
  'goroutine 99999999999999999999 [running]:',
  ' goroutine 1 [running]:',
  'Goroutine 9 (running) created at:',
])('does not take %j for a header', (line) => {
  expect(parseGoroutineHeader(line)).toBeUndefined();
});

test('a label named like a part of an object is a label', () => {
  const labels = parseGoroutineHeader('goroutine 1 [running] {__proto__: x, constructor: y}:')?.labels ?? {};
  expect(Object.entries(labels)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

// Source: Go 1.26, `runtime/traceback.go` (gStatusStrings), `runtime/runtime2.go` (waitReasonStrings).
const STATUSES = `idle|runnable|running|syscall|waiting|dead|copystack|leaked|preempted|waiting for cgo callback|???|GC assist marking|IO wait|
chan receive (nil chan)|chan send (nil chan)|dumping heap|garbage collection|garbage collection scan|panicwait|select|select (no cases)|
GC assist wait|GC sweep wait|GC scavenge wait|chan receive|chan send|finalizer wait|force gc (idle)|GOMAXPROCS updater (idle)|semacquire|
sleep|sync.Cond.Wait|sync.Mutex.Lock|sync.RWMutex.RLock|sync.RWMutex.Lock|sync.WaitGroup.Wait|trace reader (blocked)|wait for GC cycle|
GC worker (idle)|GC worker (active)|debug call|GC mark termination|stopping the world|flushing proc caches|trace goroutine status|
trace proc status|page trace flush|coroutine|GC weak to strong wait|synctest.Run|synctest.Wait|cleanup wait`;

test.each(STATUSES.replaceAll('\n', '').split('|'))(
  '%s: a status is kept as Go says it, whatever marks it has',
  (status) => {
    const read = (text: string): unknown => {
      const header = parseGoroutineHeader(`goroutine 7 [${text}]:`);
      return [header?.status, header?.isLeaked, header?.isScan, header?.isDurable, header?.rest];
    };
    expect(read(status)).toEqual([status, false, false, false, '']);
    expect(read(`${status} (leaked) (scan) (durable), 2 minutes, locked to thread`)).toEqual([
      status,
      true,
      true,
      true,
      '',
    ]);
    expect(read(`${status} (durable) (leaked)`)).toEqual([status, true, false, true, '']);
  },
);
