import { basename, resolve } from 'node:path';
import { plural } from '@observe/base';
import { createParser } from '@observe/gotest';
import { kindOfArtifact, verdictOf, type ArtifactKind } from '@observe/run';
import { findCollector } from '../collector/collector.ts';
import { openUnpacked } from '../files/unpacked-file.ts';
import { openRecording, type Recording } from '../pipe/recording.ts';
import { troubles } from '../pipe/tell.ts';
import { EXIT, messageOf, Problem } from '../problem.ts';
import { asJson } from '../runs/run-access.ts';
import type { World } from '../world.ts';
import { addAll, artifactWords } from './attach.ts';

export interface ImportOptions {
  readonly name?: string;
  readonly isJson: boolean;
}

/** A stream may begin with text (build output, downloads); one without an event by then is none. */
const MAX_PREAMBLE_BYTES = 16 * 1024 * 1024;

/** What of the files becomes one run: a stream and what belongs to it, or artifacts alone. */
interface Import {
  readonly stream: string | undefined;
  readonly artifacts: string[];
}

/**
 * `observe import FILE…`: each stream becomes a run; traces, profiles and other artifacts are added to that of the stream before
 * them, or of the first. Without a stream they make a run of their own. Resolves to the exit code.
 */
export async function importFiles(paths: readonly string[], options: ImportOptions, world: World): Promise<number> {
  // Where one answers it should see the run at once; one is not started for it.
  const collector = (await findCollector(world.home)) === undefined ? 'none' : 'auto';
  let code: number = EXIT.ok;
  const fail = (error: unknown): void => {
    if (!(error instanceof Problem)) throw error;
    world.stderr.write(`observe: ${error.message}\n`);
    code = EXIT.problem;
  };
  /** Of a stream that could not be imported: the next run has them. */
  let left: readonly string[] = [];
  const importOne = async ({ stream, artifacts }: Import): Promise<void> => {
    const mine = [...left, ...artifacts];
    try {
      const run = await (stream === undefined
        ? importArtifacts(mine[0] ?? '', collector, options, world)
        : importFile(stream, collector, options, world));
      left = [];
      const { added, code: addedCode } = await addAll(run.id, mine, world);
      if (addedCode !== EXIT.ok) code = addedCode;
      if (options.isJson) world.stdout.write(asJson({ run: { id: run.id }, artifacts: added }));
      else {
        world.stdout.write(`${run.id}  ${run.words}\n`);
        for (const artifact of added) world.stdout.write(`${' '.repeat(run.id.length)}  ${artifactWords(artifact)}\n`);
      }
    } catch (error) {
      left = mine;
      fail(error);
    }
  };
  for (const one of await sorted(paths, fail)) await importOne(one);
  if (left.length > 0) await importOne({ stream: undefined, artifacts: [] });
  return code;
}

const ARTIFACTS: ReadonlySet<ArtifactKind> = new Set(['trace', 'pprof', 'coverage', 'dump', 'goroutine-profile']);

async function sorted(paths: readonly string[], fail: (error: unknown) => void): Promise<readonly Import[]> {
  const imports: Import[] = [];
  const early: string[] = [];
  for (const path of paths) {
    try {
      const { head } = await openUnpacked(path);
      if (!ARTIFACTS.has(kindOfArtifact(head).kind)) imports.push({ stream: path, artifacts: [] });
      else (imports.at(-1)?.artifacts ?? early).push(path);
    } catch (error) {
      fail(error);
    }
  }
  if (early.length === 0) return imports;
  const [first, ...rest] = imports;
  if (first === undefined) return [{ stream: undefined, artifacts: early }];
  return [{ ...first, artifacts: [...early, ...first.artifacts] }, ...rest];
}

/** What an import has made. `words`: for people. */
interface Imported {
  readonly id: string;
  readonly words: string;
}

/** A run of artifacts alone, without a stream. */
async function importArtifacts(
  path: string,
  collector: string,
  options: ImportOptions,
  world: World,
): Promise<Imported> {
  const recording = await begin(path, collector, options, world);
  recording.end('eof');
  await deliver(path, recording, world);
  return { id: recording.runId, words: 'no stream of go test: artifacts alone' };
}

async function begin(path: string, collector: string, { name }: ImportOptions, world: World): Promise<Recording> {
  const recording = await openRecording({ collector, onFault: saying(world), onPage: () => undefined }, world);
  recording.host({
    observeVersion: world.version,
    wall: new Date().toISOString(),
    importedFrom: resolve(path),
    ...(name === undefined ? {} : { name }),
  });
  return recording;
}

/** Problem: it could not be kept. */
async function deliver(path: string, recording: Recording, world: World): Promise<void> {
  const delivery = await recording.deliver();
  for (const trouble of troubles(delivery)) saying(world)(trouble);
  if (delivery.kept.kind === 'nowhere') throw new Problem(`${path} is not imported`);
}

const saying =
  ({ stderr }: World) =>
  (message: string): void =>
    void stderr.write(`observe: ${message}\n`);

async function importFile(path: string, collector: string, options: ImportOptions, world: World): Promise<Imported> {
  const { head, bytes: found } = await openUnpacked(path);
  refuseOthers(path, head);
  let recording: Recording | undefined;
  let fault: unknown;
  const early: Uint8Array[] = [];
  const hasEvent = createEventSearch();
  try {
    for await (const bytes of found) {
      if (recording === undefined) {
        early.push(bytes);
        if (!hasEvent(bytes)) continue;
        recording = await begin(path, collector, options, world);
        for (const held of early) recording.take(held);
      } else recording.take(bytes);
    }
  } catch (error) {
    fault = error;
  }
  if (recording === undefined) {
    throw new Problem(fault === undefined ? `${path}: ${NOT_A_STREAM}` : `${path} cannot be read: ${messageOf(fault)}`);
  }
  recording.end(fault === undefined ? 'eof' : 'lost');
  await deliver(path, recording, world);
  if (fault !== undefined)
    saying(world)(`${path} could not be read to its end (${messageOf(fault)}); what was good is kept`);
  const { counts, packages } = recording.state;
  const tests = counts.pass + counts.fail + counts.skip + counts.lost + counts.neverStarted + counts.running;
  const what = `${plural(tests, 'test')} in ${plural(packages.length, 'package')}, ${verdictOf(recording.state)}`;
  return { id: recording.runId, words: `${basename(path)}: ${what}` };
}

const NOT_A_STREAM =
  'no event of go test -json is in it; observe import takes what `go test -json` wrote, plain or gzipped';

const OTHERS: readonly (readonly [RegExp, string])[] = [
  // eslint-disable-next-line no-control-regex
  [/^PK\x03\x04/, 'it is a zip archive, which this version cannot read yet'],
  [/^\s*<(!doctype|html)/i, 'it is a web page; show it with: observe open'],
];

/** Problem: what it is, where that is known. */
function refuseOthers(path: string, head: Uint8Array): void {
  const text = Buffer.from(head).toString('latin1');
  const other = OTHERS.find(([shape]) => shape.test(text));
  if (other !== undefined) throw new Problem(`${path}: ${other[1]}`);
  const { kind, words } = kindOfArtifact(head);
  if (kind === 'legacy-profile') throw new Problem(`${path} is ${words}`);
}

/** Says of each piece of a stream whether an event has been seen in it yet. Problem: enough was read to give up. */
function createEventSearch(): (bytes: Uint8Array) => boolean {
  const parse = createParser();
  let rest = '';
  let read = 0;
  return (bytes) => {
    read += bytes.byteLength;
    const lines = (rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')).split('\n');
    if (lines.some((line) => line.trimStart().startsWith('{') && parse(line.trimEnd()) !== undefined)) return true;
    rest = lines.at(-1) ?? '';
    if (read > MAX_PREAMBLE_BYTES) throw new Problem(NOT_A_STREAM);
    return false;
  };
}
