import * as z from 'zod';
import { runSummary } from './runs.ts';
import { testGoroutines } from './trace-answers.ts';

/** Answers of the HTTP API and of `--json`. Times are ns since the run's first event; null where unknown. */

export const testOutcome = z.enum(['pass', 'fail', 'skip', 'lost', 'never-started', 'running']);
export type TestOutcome = z.infer<typeof testOutcome>;
export const packageOutcome = z.enum(['pass', 'fail', 'skip', 'lost', 'running']);
export type PackageOutcome = z.infer<typeof packageOutcome>;

const timeNs = z.number().nullable();

export const shownTest = z.object({
  test: z.string(),
  occurrence: z.int(),
  outcome: testOutcome,
  startNs: timeNs,
  /** The true end: that of the `--- PASS` line, not of the late event. */
  endNs: timeNs,
  /** Wall time less pauses. */
  activeNs: timeNs,
  /** Time in t.Parallel: for serial siblings and for a slot. */
  pausedNs: timeNs,
  /** Go's own word, in steps of 10 ms. */
  elapsedNs: timeNs,
  /** Why it is lost or never started, in a word and in the package's text. */
  reason: z.object({ kind: z.string(), text: z.string() }).optional(),
  /** Facts that are ours, not Go's. */
  repaired: z.array(z.string()).optional(),
  attributes: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  artifactDir: z.string().optional(),
  benchmark: z.string().optional(),
  /** What its goroutines did; absent where no execution trace tells. */
  goroutines: testGoroutines.optional(),
});
export type ShownTest = z.infer<typeof shownTest>;

export const shownPackage = z.object({
  package: z.string(),
  outcome: packageOutcome,
  elapsedNs: timeNs,
  startNs: timeNs,
  endNs: timeNs,
  cached: z.boolean(),
  failedBuild: z.string().optional(),
  crash: z.object({ kind: z.string(), text: z.string(), test: z.string().optional() }).optional(),
  races: z.int().optional(),
  coverage: z.string().optional(),
  repaired: z.array(z.string()).optional(),
  tests: z.array(shownTest),
});
export type ShownPackage = z.infer<typeof shownPackage>;

/** `observe show RUN --json` and `GET /api/runs/:id/tests`. */
export const shownRun = z.object({
  schema: z.int(),
  run: runSummary,
  packages: z.array(shownPackage),
  builds: z.array(
    z.object({
      importPath: z.string(),
      kind: z.string(),
      packages: z.array(z.string()),
      output: z.string().optional(),
    }),
  ),
  /** Lines that were not JSON, and actions nobody knows. */
  strays: z.int(),
  unknownActions: z.array(z.object({ action: z.string(), count: z.int() })),
  quality: z.array(z.object({ id: z.string(), detail: z.string() })),
});
export type ShownRun = z.infer<typeof shownRun>;

/** `observe runs --json` and `GET /api/runs`: live runs first, then the newest. */
export const shownRuns = z.object({ schema: z.int(), runs: z.array(runSummary) });

/**
 * Whose line it is. `certain`: Go's own frame or a `t.Log` line. `likely`: printed while one test was active.
 * `uncertain`: several were; go test names whichever framed last.
 */
export const lineGrade = z.enum(['certain', 'likely', 'uncertain']);
export type LineGrade = z.infer<typeof lineGrade>;
/** `frame`: `=== RUN` and kin. `log`: the shape of t.Log. `error`: t.Error and kin. `crash`, `race`: blocks of the package, whatever test they were pinned on. */
export const lineKind = z.enum(['print', 'log', 'error', 'frame', 'crash', 'race', 'build', 'stray']);
export type LineKind = z.infer<typeof lineKind>;

export const outputLine = z.object({
  seq: z.int(),
  atNs: timeNs,
  text: z.string(),
  kind: lineKind,
  grade: lineGrade,
  /** The test that the stream names, when the answer is wider than one test, or it names another than the one that printed it. */
  test: z.string().optional(),
  /** The execution trace says that this test printed the line, where the stream names another, or none. Such lines are in both outputs. */
  printedBy: z.object({ test: z.string(), occurrence: z.int() }).optional(),
});
export type OutputLine = z.infer<typeof outputLine>;

/**
 * `GET /api/runs/:id/output`. `total`: lines (whole, joined from Go's 1,024-byte pieces) there are now; `from`: index of the first one here.
 * A longer line than MAX_SHOWN_LINE is cut, with `…` and its length.
 */
export const outputAnswer = z.object({ schema: z.int(), total: z.int(), from: z.int(), lines: z.array(outputLine) });
export type OutputAnswer = z.infer<typeof outputAnswer>;

/** Every error of the HTTP API: what was wrong, with what value, and what to do. */
export const apiError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
