import * as z from 'zod';
import { partId } from './record.ts';

/*
 * What execution traces answer. Times are ns since the run's first event, as everywhere; null where unknown, and wherever a trace
 * could not be placed on the run's clock. Stacks are told once and named by their index.
 */

const timeNs = z.number().nullable();

/** Innermost first. `file` is as compiled: relative with -trimpath. */
export const shownFrame = z.object({ func: z.string(), file: z.string(), line: z.int() });
export type ShownFrame = z.infer<typeof shownFrame>;
const stackIndex = z.int().nullable();

/** Ns by state: `running`, `runnable` (waits for a CPU), `syscall`, and `waiting/<reason>` with Go's own word, as `waiting/chan receive`. */
export const stateNs = z.record(z.string(), z.number());
export type StateNs = z.infer<typeof stateNs>;

/** `package`: TestMain, and what it starts outside of tests. `init`: begun by an init function. `timer`: by no goroutine. */
export const ownerKind = z.enum([
  'test',
  'fuzz',
  'example',
  'benchmark',
  'package',
  'init',
  'timer',
  'runtime',
  'unknown',
]);
export type OwnerKind = z.infer<typeof ownerKind>;

/** Whose a goroutine is. `test` and `occurrence` are absent where the trace's test could not be paired with one of the stream. */
export const shownOwner = z.object({
  kind: ownerKind,
  test: z.string().optional(),
  occurrence: z.int().optional(),
  /** Row of the test in this run's state. */
  row: z.int().optional(),
});
export type ShownOwner = z.infer<typeof shownOwner>;

/** What the goroutines of one test did. */
export const testGoroutines = z.object({
  /** Goroutines that it and its children started, its own included; those of subtests are theirs. */
  total: z.int(),
  maxAlive: z.int(),
  /** Still alive when the test had ended (its own excluded), as far as the trace goes. */
  aliveAfterEnd: z.int(),
  /** Of the test's own goroutine, and of all others of it. Waits inside of package testing are in neither. */
  own: stateNs,
  children: stateNs,
  /** The own goroutine's waits inside of package testing; never to be blamed. */
  testing: z.object({
    slotNs: z.number(),
    serialSiblingsNs: z.number(),
    subtestsNs: z.number(),
    logNs: z.number(),
  }),
  /** Tests whose goroutines woke this one's, the most frequent first: something is shared. */
  wokenBy: z
    .array(
      z.object({
        test: z.string(),
        occurrence: z.int(),
        count: z.int(),
        /** Where the waker stood, and what this test's goroutine waited in: the innermost frames that are not the runtime's. */
        waker: shownFrame.nullable(),
        waiter: shownFrame.nullable(),
      }),
    )
    .optional(),
});
export type TestGoroutines = z.infer<typeof testGoroutines>;

/** How a trace's clock is tied to the run's. `snapshot`: exact, by the trace itself. `monotonic`: by the machine's own clock. `paired`: by the tests' begins. */
export const clockQuality = z.enum(['snapshot', 'monotonic', 'paired', 'unknown']);

/** One traced process. */
export const shownProcess = z.object({
  /** The trace's artifact. */
  artifact: partId,
  name: z.string(),
  package: z.string().nullable(),
  /** `capture`: the process said so. `content`: by the test functions in its stacks. Null: not placed. */
  placedBy: z.enum(['capture', 'content']).nullable(),
  pid: z.int().optional(),
  /** The trace's first and latest event. */
  startNs: timeNs,
  endNs: timeNs,
  clock: z.object({ quality: clockQuality, errorNs: timeNs }),
  /** Of the header: 26 for `go 1.26 trace` (Go 1.26 and 1.27); null before it was read. */
  version: z.int().nullable(),
  bytes: z.int(),
  /** Read so far; less than `bytes` while reading lags. */
  readBytes: z.int(),
  generations: z.int(),
  isGrowing: z.boolean(),
  /** Why it is not all there; absent when it is. */
  why: z.string().optional(),
  goroutines: z.int(),
  maxAlive: z.int(),
  /** Tests of the trace that were paired with tests of the stream, and those that were not. */
  pairedTests: z.int(),
  unpairedTests: z.int(),
  faults: z.array(z.object({ kind: z.string(), offset: z.int(), message: z.string() })),
});
export type ShownProcess = z.infer<typeof shownProcess>;
/** `GET /api/runs/:id/processes` */
export const processesAnswer = z.object({ schema: z.int(), version: z.int(), processes: z.array(shownProcess) });
export type ProcessesAnswer = z.infer<typeof processesAnswer>;

/**
 * `GET /api/runs/:id/series`: goroutines, heap and garbage collection over a window, a number a pixel. Workers of the runtime that
 * wait as only they do are left out. A pixel before a trace's begin or behind its end counts nothing of it.
 */
export const seriesAnswer = z.object({
  schema: z.int(),
  fromNs: z.number(),
  toNs: z.number(),
  width: z.int(),
  /** Processes that have something in the window. */
  processes: z.int(),
  /** Alive by state and reason: `max`, the most within the pixel; `last`, at its end. */
  counts: z.array(
    z.object({
      state: z.enum(['running', 'runnable', 'syscall', 'waiting']),
      reason: z.string(),
      max: z.array(z.int()),
      last: z.array(z.int()),
    }),
  ),
  /** Bytes, summed over the processes; null where none says. */
  heapBytes: z.array(z.number().nullable()),
  heapGoalBytes: z.array(z.number().nullable()),
  /** Pairs [startNs, endNs] of collections and of stops of the world, as many as pixels can hold. */
  gc: z.array(z.tuple([z.number(), z.number()])),
  stopTheWorld: z.array(z.tuple([z.number(), z.number()])),
});
export type SeriesAnswer = z.infer<typeof seriesAnswer>;

export const goState = z.enum(['running', 'runnable', 'syscall', 'waiting']);
export type GoState = z.infer<typeof goState>;

export const shownGoroutine = z.object({
  process: partId,
  goid: z.number(),
  /** Null: older than the trace, or made by none (timers, network). */
  parentGoid: z.number().nullable(),
  startFunc: z.string().nullable(),
  owner: shownOwner,
  /** It runs the test itself. */
  isTest: z.boolean(),
  createdNs: timeNs,
  /** Null while it is alive. */
  endedNs: timeNs,
  /** Alive after its test's end. */
  outlivesTest: z.boolean(),
  createdAt: stackIndex,
  /** What it does at the trace's tip; null once it has ended. */
  now: z
    .object({
      state: goState,
      reason: z.string(),
      sinceNs: timeNs,
      stack: stackIndex,
      testingWait: z.string().optional(),
    })
    .nullable(),
});
export type ShownGoroutine = z.infer<typeof shownGoroutine>;

/** Goroutines begun alike: by the same function, from the same place. */
export const goroutineGroup = z.object({
  startFunc: z.string().nullable(),
  createdAt: stackIndex,
  count: z.int(),
  alive: z.int(),
  outlive: z.int(),
  /** Where those that are alive stand, the most crowded place first. */
  standing: z.array(
    z.object({
      state: goState,
      reason: z.string(),
      stack: stackIndex,
      count: z.int(),
      oldestSinceNs: timeNs,
      testingWait: z.string().optional(),
    }),
  ),
});
export type GoroutineGroup = z.infer<typeof goroutineGroup>;

/**
 * `GET /api/runs/:id/goroutines`: those of a test, of a package, or of the run; alive ones first, then by creation. Groups speak of
 * all `total`, the list of `limit` from `from` on.
 */
export const goroutinesAnswer = z.object({
  schema: z.int(),
  total: z.int(),
  alive: z.int(),
  from: z.int(),
  /** The traces' tips, run time; null before the first. */
  tipNs: timeNs,
  /** Of a test: what they did in all. Null where no trace tells, and for packages and runs. */
  account: testGoroutines.nullable(),
  groups: z.array(goroutineGroup),
  goroutines: z.array(shownGoroutine),
  stacks: z.array(z.array(shownFrame)),
});
export type GoroutinesAnswer = z.infer<typeof goroutinesAnswer>;

/** `GET /api/runs/:id/lanes`: what single goroutines did in a window, at the width of a pixel. */
export const lanesAnswer = z.object({
  schema: z.int(),
  fromNs: z.number(),
  toNs: z.number(),
  lanes: z.array(
    z.object({
      process: partId,
      goid: z.number(),
      /** Lanes of times before are not kept any more; null: all are. */
      knownFromNs: timeNs,
      startNs: z.array(z.number()),
      /** The end of the window or of the trace where it goes on. */
      endNs: z.array(z.number()),
      state: z.array(goState),
      reason: z.array(z.string()),
      stack: z.array(stackIndex),
    }),
  ),
  stacks: z.array(z.array(shownFrame)),
});
export type LanesAnswer = z.infer<typeof lanesAnswer>;

/** `GET /api/runs/:id/artifacts` */
export const shownArtifact = z.object({
  id: partId,
  name: z.string(),
  format: z.string(),
  /** What it is of its format: `cpu`, `block`, `count` … */
  label: z.string().optional(),
  package: z.string().nullable(),
  /** `capture`: its process said so. Else what in it tells, as `test-file` or `covered-files`. Null: not placed. */
  placedBy: z.string().nullable(),
  /** When it was taken: from, and for CPU profiles until; null where it does not say. */
  fromNs: timeNs,
  toNs: timeNs,
  /** What it holds, in a few words. */
  words: z.string().optional(),
  /** Why it has no package, or what is wrong with it, in words; absent when all is well. */
  note: z.string().optional(),
  state: z.enum(['growing', 'whole', 'cut']),
  bytes: z.int(),
});
export type ShownArtifact = z.infer<typeof shownArtifact>;
export const artifactsAnswer = z.object({ schema: z.int(), artifacts: z.array(shownArtifact) });
export type ArtifactsAnswer = z.infer<typeof artifactsAnswer>;
