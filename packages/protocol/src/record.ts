import { z } from 'zod';

/**
 * A record is how a run crosses the wire and lies in its log: one line of JSON (the header), then `bytes` bytes.
 *
 *   {"kind":"lines","line":2,"monoNs":…,"count":3,"bytes":412}⏎
 *   …412 bytes: three lines exactly as `go test -json` wrote them…
 *
 * So Go's own bytes are never re-serialised, whatever they are: JSON, text, noise.
 */

/** A line longer than this is kept in pieces (`isCut`), and never read as JSON: bounds what a reader must hold. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Most payload bytes of one record; a `lines` record of more is refused. One whole line must fit. */
export const MAX_RECORD_BYTES = MAX_LINE_BYTES + 1024 * 1024;

/** Most bytes of a header line. Room for facts about a host, not for data. */
export const MAX_HEADER_BYTES = 256 * 1024;

const count = z.int().nonnegative();
const lineNumber = z.int().positive();
const monoNs = z.number();

/** What the producer knew of the machine and the command when it began. Everything that is not known is absent. */
export const hostFacts = z.object({
  observeVersion: z.string(),
  /** RFC 3339; the wall clock at the record's `monoNs`. */
  wall: z.string(),
  hostname: z.string().optional(),
  os: z.string().optional(),
  arch: z.string().optional(),
  cpus: z.int().optional(),
  /** As `go env GOVERSION` says, for example `go1.26.8`. */
  goVersion: z.string().optional(),
  /** Directory in which the producer ran. */
  directory: z.string().optional(),
  /** Module path from go.mod. */
  module: z.string().optional(),
  gitRevision: z.string().optional(),
  gitBranch: z.string().optional(),
  isGitDirty: z.boolean().optional(),
  /** Command line of the `go test`, where it can be seen. */
  args: z.array(z.string()).optional(),
  /** `-timeout` in ns, where the command line is known; 0 = none. */
  timeoutNs: z.number().optional(),
  /** File that an import was made of. */
  importedFrom: z.string().optional(),
  name: z.string().optional(),
});
export type HostFacts = z.infer<typeof hostFacts>;

/** Fields of every record. `line`: the producer's own count of what it sent, 1, 2, 3 …, one for each line of its input and each record of its own. */
const common = { line: lineNumber, monoNs };

export const linesRecord = z.strictObject({
  kind: z.literal('lines'),
  ...common,
  /** How many lines; `line` is the first one's number. */
  count: lineNumber,
  bytes: count,
  /** The last line has no newline in the input: the input ended there, or the line is over MAX_LINE_BYTES and goes on in the next record. */
  isCut: z.literal(true).optional(),
});
export const hostRecord = z.strictObject({ kind: z.literal('host'), ...common, facts: hostFacts });
/** The producer's two clocks, read together; every 10 s. `wall` is RFC 3339. */
export const clockRecord = z.strictObject({ kind: z.literal('clock'), ...common, wall: z.string() });
export const endRecord = z.strictObject({
  kind: z.literal('end'),
  ...common,
  /** `eof`: the input ended. `interrupted`: by Ctrl-C. `lost`: the producer vanished (said by the collector). */
  reason: z.enum(['eof', 'interrupted', 'lost']),
  /** Of `go test`, where it is known. */
  exitCode: z.int().optional(),
});

/** Header of a record on its way from a producer. */
export const producerHeader = z.discriminatedUnion('kind', [linesRecord, hostRecord, clockRecord, endRecord]);
export type ProducerHeader = z.infer<typeof producerHeader>;
export type LinesHeader = z.infer<typeof linesRecord>;
export type EndReason = z.infer<typeof endRecord>['reason'];

/** What the log's one writer adds. `seq`: 1, 2, 3 … per run without gaps, that of the first line; unique on (producer, line). */
const logged = { seq: lineNumber, producer: z.string().min(1).max(100) };

/** Header of a record in a log. */
export const logHeader = z.discriminatedUnion('kind', [
  linesRecord.extend(logged),
  hostRecord.extend(logged),
  clockRecord.extend(logged),
  endRecord.extend(logged),
]);
export type LogHeader = z.infer<typeof logHeader>;

/** A record as it is read back. `text`: the payload decoded as UTF-8 (invalid bytes are U+FFFD), empty without payload. */
export interface LogRecord {
  readonly header: LogHeader;
  readonly text: string;
}

/** Numbers a record takes: each of its lines has one. */
export const spanOf = (header: ProducerHeader | LogHeader): number => (header.kind === 'lines' ? header.count : 1);
export const payloadBytesOf = (header: ProducerHeader | LogHeader): number =>
  header.kind === 'lines' ? header.bytes : 0;

/** The header line with its newline. */
export const encodeHeader = (header: ProducerHeader | LogHeader): string => JSON.stringify(header) + '\n';

/** Undefined when the text is not the header of a record. */
export function readProducerHeader(text: string): ProducerHeader | undefined {
  return producerHeader.safeParse(parseJson(text)).data;
}
export function readLogHeader(text: string): LogHeader | undefined {
  return logHeader.safeParse(parseJson(text)).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
