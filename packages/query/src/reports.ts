import { rowAt } from '@observe/base';
import {
  bucketGoroutines,
  createAssembler,
  culpritOf,
  ownersOf,
  testingWait,
  waitSite,
  type Block,
  type Bucket,
  type CreatedBy,
  type Dump,
  type Frame,
  type Goroutine,
  type Mark,
  type NoiseId,
  type Owner,
  type RaceBlock,
  type Report,
  type TestingWaitId,
  type Timeout,
} from '@observe/gostack';
import { SCHEMA } from '@observe/protocol';
import type { RunState } from '@observe/run';
import type { LogSource } from './log-source.ts';
import { createOutputReader, MAX_LINES } from './output.ts';

/** Goroutines that stand at one place. */
export interface ShownBucket {
  readonly status: string;
  readonly goids: readonly number[];
  readonly minutes: { readonly min: number; readonly max: number } | undefined;
  /** Tests that they work for, as far as the text tells, with how many of them. */
  readonly owners: readonly { readonly test: string; readonly by: Owner['by']; readonly count: number }[];
  /** One of testing's own waits: never to be blamed. */
  readonly testingWait: TestingWaitId | undefined;
  readonly noise: NoiseId | undefined;
  /** What it waits in. */
  readonly call: Frame | undefined;
  /** Who waits: the first frame outside of the standard library. */
  readonly user: Frame | undefined;
  readonly frames: readonly Frame[];
  readonly createdBy: CreatedBy | undefined;
}

/** One panic, fatal error, signal, race or dump of a package's process. */
export interface ShownReport {
  readonly kind: Block['kind'];
  readonly message: string;
  /** seq of its first and last line. */
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly timeout: Timeout | undefined;
  /** Who started the goroutine that died: not always the test that Go named. */
  readonly culprit: Owner | undefined;
  readonly buckets: readonly ShownBucket[];
  readonly goroutines: number;
  readonly race: Pick<RaceBlock, 'accesses' | 'goroutines' | 'location' | 'isComplete'> | undefined;
  /** The lines as they were. */
  readonly text: string;
  readonly isTruncated: boolean;
}

/** `GET /api/runs/:id/reports`. */
export interface PackageReports {
  readonly schema: number;
  readonly package: string;
  readonly reports: readonly ShownReport[];
  readonly marks: readonly Mark[];
}

/** What the text of a package's process tells. Undefined when there is no such package. */
export async function readReports(
  state: RunState,
  log: LogSource,
  packageRow: number,
): Promise<PackageReports | undefined> {
  const pkg = rowAt(state.packages, packageRow);
  if (pkg === undefined) return undefined;
  const { blocks, marks } = await readReport(state, log, packageRow);
  return { schema: SCHEMA, package: pkg.name, reports: blocks.map(show), marks };
}

/** The same as it was read: for detectors. Empty when there is no such package. */
export async function readReport(state: RunState, log: LogSource, packageRow: number): Promise<Report> {
  const assembler = createAssembler();
  const reader = createOutputReader(log);
  for (let from = 0; ;) {
    const page = await reader.read(state, { kind: 'process', row: packageRow }, { from, limit: MAX_LINES });
    for (const line of page.lines) assembler.push(line.text, line.seq);
    from += page.lines.length;
    if (page.lines.length < MAX_LINES) break;
  }
  return assembler.end();
}

const NO_DUMP: Dump = { goroutines: [], runtimeStack: undefined, droppedGoroutines: 0 };

function show(block: Block): ShownReport {
  const dump = block.kind === 'race' ? NO_DUMP : block.dump;
  const owners = ownersOf(dump);
  return {
    kind: block.kind,
    message: messageOf(block),
    fromSeq: block.from,
    toSeq: block.to,
    timeout: block.kind === 'panic' ? block.timeout : undefined,
    culprit: block.kind === 'panic' || block.kind === 'fatal' ? culpritOf(block) : undefined,
    buckets: bucketGoroutines(dump).map((bucket) => showBucket(bucket, owners)),
    goroutines: dump.goroutines.length + dump.droppedGoroutines,
    race: block.kind === 'race' ? raceOf(block) : undefined,
    text: block.text,
    isTruncated: block.isTruncated,
  };
}

function messageOf(block: Block): string {
  if (block.kind === 'race') return 'data race';
  return block.kind === 'dump' ? 'goroutine dump' : block.message;
}

const raceOf = ({ accesses, goroutines, location, isComplete }: RaceBlock): ShownReport['race'] => ({
  accesses,
  goroutines,
  location,
  isComplete,
});

function showBucket(bucket: Bucket, owners: ReadonlyMap<Goroutine, Owner>): ShownBucket {
  const tests = new Map<string, { test: string; by: Owner['by']; count: number }>();
  for (const goroutine of bucket.goroutines) {
    const owner = owners.get(goroutine);
    if (owner === undefined) continue;
    const known = tests.get(owner.test);
    if (known === undefined) tests.set(owner.test, { test: owner.test, by: owner.by, count: 1 });
    else known.count++;
  }
  return {
    status: bucket.status,
    goids: bucket.goroutines.map((goroutine) => goroutine.goid),
    minutes: bucket.minutes,
    owners: [...tests.values()],
    testingWait: testingWait(bucket),
    noise: bucket.noise,
    ...waitSite(bucket),
    frames: bucket.frames,
    createdBy: bucket.createdBy,
  };
}
