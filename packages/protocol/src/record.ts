import * as z from 'zod';

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
/** Names an artifact or a process within its run. It becomes a file's name: nothing in it may lead elsewhere. */
export const partId = z.string().regex(/^[0-9a-z][0-9a-z-]{0,63}$/);
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

/** A test binary that ran under capture. Said when it was seen first, and again with what came to be known. */
export const processFacts = z.strictObject({
  id: partId,
  pid: z.int().positive(),
  /** Of the `go test` that started it. */
  parentPid: z.int().positive().optional(),
  /** Where it ran: the package's directory. */
  directory: z.string().optional(),
  /** As `go test` called it, for example `/tmp/go-build123/b001/orders.test`. */
  binary: z.string().optional(),
  /** Import path, read from go.mod and `directory`; absent when that gave none. */
  package: z.string().optional(),
  /** It is taken for one of this run by its place and time alone. */
  isGuess: z.literal(true).optional(),
  hasEnded: z.literal(true).optional(),
});
export type ProcessFacts = z.infer<typeof processFacts>;

export const artifactFormat = z.enum(['trace', 'pprof', 'coverage', 'dump', 'unknown']);
export type ArtifactFormat = z.infer<typeof artifactFormat>;

/**
 * Bytes beside the log. Said when they begin, and again with what came to be known: the last word counts.
 * `growing`: more is to come. `whole`: all of it is there. `cut`: `why` says what is missing.
 */
export const artifactFacts = z.strictObject({
  id: partId,
  /** For people: the file's name, without directories. */
  name: z.string().max(255),
  format: artifactFormat,
  /** What it is of its format: `cpu`, `mem`, `block`, `mutex` … */
  label: z.string().max(100).optional(),
  process: partId.optional(),
  /** Import path, where the producer knows it; what an artifact holds may tell it, too. */
  package: z.string().optional(),
  state: z.enum(['growing', 'whole', 'cut']),
  /** Bytes in all; absent while it grows. */
  bytes: count.optional(),
  why: z.string().optional(),
});
export type ArtifactFacts = z.infer<typeof artifactFacts>;

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

export const processRecord = z.strictObject({ kind: z.literal('process'), ...common, process: processFacts });
export const artifactRecord = z.strictObject({ kind: z.literal('artifact'), ...common, artifact: artifactFacts });

/** Header of a record on its way from a producer. */
export const producerHeader = z.discriminatedUnion('kind', [
  linesRecord,
  hostRecord,
  clockRecord,
  processRecord,
  artifactRecord,
  endRecord,
]);
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
  processRecord.extend(logged),
  artifactRecord.extend(logged),
  endRecord.extend(logged),
]);
export type LogHeader = z.infer<typeof logHeader>;

/**
 * A piece of an artifact on its way from a producer: a line of JSON, then `bytes` bytes. It is no record: it has no line, it is
 * not in the log, and one that was lost is asked for again by offset.
 */
export const chunkHeader = z.strictObject({
  kind: z.literal('chunk'),
  artifact: partId,
  offset: count,
  bytes: z.int().positive(),
});
export type ChunkHeader = z.infer<typeof chunkHeader>;
/** Most bytes of a chunk. */
export const MAX_CHUNK_BYTES = 1024 * 1024;

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
/** Undefined when the text is not the header of a chunk. */
export function readChunkHeader(text: string): ChunkHeader | undefined {
  return chunkHeader.safeParse(parseJson(text)).data;
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
