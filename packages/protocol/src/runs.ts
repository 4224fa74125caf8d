import * as z from 'zod';

/** `lost`: the stream stopped before the tests did, and nobody knows the rest. */
export const verdict = z.enum(['passed', 'failed', 'running', 'interrupted', 'lost']);
export type Verdict = z.infer<typeof verdict>;

/** How many tests (executions: `-count=3` counts three) are in which outcome. Parents count like any test. */
export const counts = z.object({
  pass: z.int(),
  fail: z.int(),
  skip: z.int(),
  running: z.int(),
  lost: z.int(),
  neverStarted: z.int(),
});
export type Counts = z.infer<typeof counts>;

/** `<date>-<time>-<four letters>` of the moment it began, local time of the producer: sorts by age, is read and typed by people. */
export const runId = z.string().regex(/^[0-9a-z][0-9a-z-]{0,63}$/);

/** One line of the run list: what is known of a run without reading its log. Kept as `run.json` beside the log. */
export const runSummary = z.object({
  format: z.int(),
  id: runId,
  name: z.string(),
  verdict,
  /** RFC 3339: the first event's Time, else the producer's wall clock at its first record. */
  startedAt: z.string(),
  /** ns from the first to the last event; null while nothing has come. */
  elapsedNs: z.number().nullable(),
  packages: z.int(),
  failedPackages: z.int(),
  counts,
  module: z.string().optional(),
  goVersion: z.string().optional(),
  gitBranch: z.string().optional(),
  gitRevision: z.string().optional(),
  isGitDirty: z.boolean().optional(),
  hostname: z.string().optional(),
  directory: z.string().optional(),
  importedFrom: z.string().optional(),
  /** Last seq of the log that this summary speaks of. */
  seq: z.int().nonnegative(),
  /** Bytes of the log. */
  bytes: z.number(),
});
export type RunSummary = z.infer<typeof runSummary>;
