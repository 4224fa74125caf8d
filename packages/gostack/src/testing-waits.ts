/** What a wait inside package testing means. None of them is ever to be blamed. */
export type TestingWaitId =
  /** Paused in `t.Parallel`: no `-parallel` slot is free. */
  | 'no-slot'
  /** Paused in `t.Parallel`: its serial siblings are not done. */
  | 'serial-siblings'
  /** A parent waits for its parallel subtests. */
  | 'parallel-subtests'
  /** A parent waits for a serial subtest, a benchmark for its own run. */
  | 'serial-subtest'
  /** The main goroutine: the run itself. */
  | 'run'
  /** A lock of the test log, which all tests share. */
  | 'log';

export interface TestingWaitRow {
  readonly id: TestingWaitId;
  /** The first frame that is not the runtime's; with a `*` at its end, its beginning. */
  readonly func: string;
  /** Look below the frames of `sync`, too: the wait is for a lock. */
  readonly isLock: boolean;
  /** Go releases in which it was seen, in a recording or in Go's source. */
  readonly go: string;
}

/** The waits of package testing, as data. The first row that fits counts. */
export const TESTING_WAITS: readonly TestingWaitRow[] = [
  { id: 'no-slot', func: 'testing.(*testState).waitParallel', isLock: false, go: '1.24 – 1.27' },
  { id: 'no-slot', func: 'testing.(*testContext).waitParallel', isLock: false, go: '1.7 – 1.23' },
  { id: 'serial-siblings', func: 'testing.(*T).Parallel', isLock: false, go: '1.7 – 1.27' },
  { id: 'parallel-subtests', func: 'testing.tRunner.func1', isLock: false, go: '1.7 – 1.27' },
  { id: 'serial-subtest', func: 'testing.(*T).Run', isLock: false, go: '1.7 – 1.27' },
  { id: 'serial-subtest', func: 'testing.(*F).Fuzz.func1', isLock: false, go: '1.18 – 1.26' },
  { id: 'serial-subtest', func: 'testing.(*B).run1', isLock: false, go: '1.7 – 1.26' },
  { id: 'serial-subtest', func: 'testing.(*B).doBench', isLock: false, go: '1.7 – 1.26' },
  { id: 'serial-subtest', func: 'testing/synctest.testingSynctestTest', isLock: false, go: '1.25 – 1.26' },
  { id: 'run', func: 'testing.runFuzzTests', isLock: false, go: '1.18 – 1.26' },
  { id: 'log', func: 'testing.(*chattyPrinter).*', isLock: true, go: '1.14 – 1.27' },
  { id: 'log', func: 'testing.(*common).log*', isLock: true, go: '1.7 – 1.26' },
  { id: 'log', func: 'testing.(*outputWriter).*', isLock: true, go: '1.25 – 1.27' },
];
