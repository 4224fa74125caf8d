import * as z from 'zod';
import { partId } from './record.ts';
import { shownFrame } from './trace-answers.ts';

/*
 * What detectors say of a run: `observe findings RUN --json` and `GET /api/runs/:id/findings`. Times are ns since the run's first
 * event; null where unknown.
 */

const timeNs = z.number().nullable();

export const findingTest = z.object({ package: z.string(), test: z.string(), occurrence: z.int() });
export type FindingTest = z.infer<typeof findingTest>;

/** What a claim rests on, and what a timeline lights up. `words`: what it shows. */
export const evidence = z.discriminatedUnion('kind', [
  findingTest.extend({ kind: z.literal('test'), words: z.string() }),
  /** `process`: the trace's artifact; null for a goroutine that only a dump or a race report of the package shows. */
  z.object({
    kind: z.literal('goroutine'),
    package: z.string(),
    process: partId.nullable(),
    goid: z.number(),
    words: z.string(),
  }),
  /** Innermost first. */
  z.object({ kind: z.literal('stack'), words: z.string(), frames: z.array(shownFrame) }),
  z.object({ kind: z.literal('interval'), words: z.string(), fromNs: timeNs, toNs: timeNs }),
  /** Events of the log, both included. */
  z.object({ kind: z.literal('output'), words: z.string(), fromSeq: z.int(), toSeq: z.int() }),
]);
export type Evidence = z.infer<typeof evidence>;

export const severity = z.enum(['error', 'warning', 'info']);
/** `certain`: seen, or Go says so. `likely`: nothing else explains what was seen. `possible`: worth a look. */
export const confidence = z.enum(['certain', 'likely', 'possible']);

export const finding = z.object({
  /** The same for the same claim about the same tests and place, in whatever run. */
  id: z.string(),
  severity,
  confidence,
  title: z.string(),
  /** Text for people; lines end with a newline. */
  detail: z.string(),
  /** Those the claim is about; `detail` tells how many there are where they are too many to list. */
  tests: z.array(findingTest),
  evidence: z.array(evidence),
  /** The next step to take. */
  next: z.string(),
});
export type Finding = z.infer<typeof finding>;

/** What became of one detector. `why`: what it lacked and how to get it, or how it failed; absent when it ran. */
export const detectorOutcome = z.object({
  detector: z.string(),
  outcome: z.enum(['ran', 'skipped', 'failed']),
  why: z.string().optional(),
  findings: z.array(finding),
});
export type DetectorOutcome = z.infer<typeof detectorOutcome>;

export const findingsAnswer = z.object({ schema: z.int(), run: z.string(), outcomes: z.array(detectorOutcome) });
export type FindingsAnswer = z.infer<typeof findingsAnswer>;
