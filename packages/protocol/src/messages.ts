import * as z from 'zod';
import { partId } from './record.ts';
import { runId, runSummary } from './runs.ts';

/*
 * Producer:  hello → welcome, then binary frames, each one record (record.ts) → ack, or one chunk of an artifact → stored.
 * Viewer:    follow/unfollow/list → runs, and for a followed run `patch` messages, each followed by one binary frame, and `traces`.
 * Text frames are JSON, checked here; binary frames are bytes.
 */

/** First message of a producer. A known `runId` with the same `producer` resumes; an unknown one begins. */
export const hello = z.strictObject({
  type: z.literal('hello'),
  protocol: z.int(),
  runId,
  /** Names the log's source; random, kept in the producer's spool, so that a resend is recognised. */
  producer: z.string().min(1).max(100),
});
export const producerMessage = z.discriminatedUnion('type', [hello]);
export type ProducerMessage = z.infer<typeof producerMessage>;

/** `have`: last line of this producer that is durable; go on with the next. `page`: path of the run's page on this collector. */
export const welcome = z.object({
  type: z.literal('welcome'),
  protocol: z.int(),
  runId,
  have: z.int(),
  page: z.string(),
  /** Bytes of each artifact that are there; go on after them. */
  artifacts: z.record(partId, z.int().nonnegative()),
});
/** Everything up to and with `line` is durable: the write returned (it is fsynced each second and at the end). */
export const ack = z.object({ type: z.literal('ack'), line: z.int() });
/** The first `bytes` bytes of an artifact are durable; go on after them, also when that is less than was sent. */
export const stored = z.object({ type: z.literal('stored'), artifact: partId, bytes: z.int().nonnegative() });
/** The collector will not go on with this socket; `message` says why and what to do. `retry`: whether trying again can help. */
export const refuse = z.object({
  type: z.literal('refuse'),
  code: z.string(),
  message: z.string(),
  retry: z.boolean(),
});
export const toProducer = z.discriminatedUnion('type', [welcome, ack, stored, refuse]);
export type ToProducer = z.infer<typeof toProducer>;

/** `protocol` comes with the page's first message: a page of another build is told so by one `refuse`. */
export const viewerMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('list'), protocol: z.int() }),
  z.strictObject({ type: z.literal('follow'), protocol: z.int(), runId }),
  z.strictObject({ type: z.literal('unfollow'), runId }),
]);
export type ViewerMessage = z.infer<typeof viewerMessage>;

/** Runs that changed since the last such message (all of them in the first), and those that are gone. */
export const runsMessage = z.object({
  type: z.literal('runs'),
  isAll: z.boolean(),
  runs: z.array(runSummary),
  gone: z.array(runId),
});
/**
 * The next binary frame is a patch of this run's state (see packages/run, patch.ts).
 * `fromSeq` 0: a checkpoint, from the empty state. `nowNs`: the collector's idea of now, since the run's first event;
 * null when the run has ended or has no Time. `isLive`: its producer is connected.
 */
export const patchMessage = z.object({
  type: z.literal('patch'),
  runId,
  fromSeq: z.int(),
  seq: z.int(),
  nowNs: z.number().nullable(),
  isLive: z.boolean(),
  summary: runSummary,
});
/** What the run's traces answer has changed: ask again. `version` grows; `tipNs`: they reach up to here (run time), null before the first. */
export const tracesMessage = z.object({
  type: z.literal('traces'),
  runId,
  version: z.int(),
  tipNs: z.number().nullable(),
});
export type TracesMessage = z.infer<typeof tracesMessage>;
export const toViewer = z.discriminatedUnion('type', [runsMessage, patchMessage, tracesMessage, refuse]);
export type ToViewer = z.infer<typeof toViewer>;
export type PatchMessage = z.infer<typeof patchMessage>;

/** `OBSERVE_HOME/collector.json`, mode 0600: how others of the same home find the collector. */
export const collectorFile = z.object({
  pid: z.int(),
  host: z.string(),
  port: z.int(),
  protocol: z.int(),
  token: z.string(),
  version: z.string(),
  startedAt: z.string(),
});
export type CollectorFile = z.infer<typeof collectorFile>;
