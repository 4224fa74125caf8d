import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { plural } from '@observe/base';
import { createParser } from '@observe/gotest';
import { verdictOf } from '@observe/run';
import { errnoOf } from '@observe/store';
import { findCollector } from '../collector/collector.ts';
import { openRecording, type Recording } from '../pipe/recording.ts';
import { troubles } from '../pipe/tell.ts';
import { EXIT, messageOf, Problem } from '../problem.ts';
import { asJson } from '../runs/run-access.ts';
import type { World } from '../world.ts';

export interface ImportOptions {
  readonly name?: string;
  readonly isJson: boolean;
}

/** A stream may begin with text (build output, downloads); one without an event by then is none. */
const MAX_PREAMBLE_BYTES = 16 * 1024 * 1024;

/** `observe import FILE…`: one run a file. Resolves to the exit code. */
export async function importFiles(paths: readonly string[], options: ImportOptions, world: World): Promise<number> {
  // Where one answers it should see the run at once; one is not started for it.
  const collector = (await findCollector(world.home)) === undefined ? 'none' : 'auto';
  let code: number = EXIT.ok;
  for (const path of paths) {
    try {
      await importFile(path, collector, options, world);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      world.stderr.write(`observe: ${error.message}\n`);
      code = EXIT.problem;
    }
  }
  return code;
}

async function importFile(
  path: string,
  collector: string,
  { name, isJson }: ImportOptions,
  world: World,
): Promise<void> {
  const say = (message: string): void => void world.stderr.write(`observe: ${message}\n`);
  const found = await openStream(path);
  const facts = {
    observeVersion: world.version,
    wall: new Date().toISOString(),
    importedFrom: resolve(path),
    ...(name === undefined ? {} : { name }),
  };
  let recording: Recording | undefined;
  let fault: unknown;
  const early: Uint8Array[] = [];
  const hasEvent = createEventSearch();
  try {
    for await (const bytes of found as AsyncIterable<Uint8Array>) {
      if (recording === undefined) {
        early.push(bytes);
        if (!hasEvent(bytes)) continue;
        recording = await openRecording({ collector, onFault: say, onPage: () => undefined }, world);
        recording.host(facts);
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
  const { state, runId } = recording;
  const delivery = await recording.deliver();
  for (const trouble of troubles(delivery)) say(trouble);
  if (fault !== undefined) say(`${path} could not be read to its end (${messageOf(fault)}); what was good is kept`);
  if (delivery.kept.kind === 'nowhere') throw new Problem(`${path} is not imported`);
  if (isJson) world.stdout.write(asJson({ run: { id: runId } }));
  else {
    const { counts, packages } = state;
    const tests = counts.pass + counts.fail + counts.skip + counts.lost + counts.neverStarted + counts.running;
    const what = `${plural(tests, 'test')} in ${plural(packages.length, 'package')}, ${verdictOf(state)}`;
    world.stdout.write(`${runId}  ${basename(path)}: ${what}\n`);
  }
}

const NOT_A_STREAM =
  'no event of go test -json is in it; observe import takes what `go test -json` wrote, plain or gzipped';

/** The bytes of a saved stream, unpacked. Problem: it is something else, by its first bytes, or cannot be opened. */
async function openStream(path: string): Promise<Readable> {
  const head = await firstBytes(path);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!isGzip) refuseOthers(path, head);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (!isGzip) return file;
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(64), 0, 64, 0);
      if (bytesRead === 0) throw new Problem(`${path} is empty`);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    const why = { ENOENT: 'there is no such file', EISDIR: 'it is a directory', EACCES: 'not allowed' }[
      errnoOf(error) ?? ''
    ];
    throw new Problem(`${path} cannot be read: ${why ?? messageOf(error)}`);
  }
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^go 1\.\d+ trace\0/, 'it is an execution trace, which this version cannot read yet'],
  [/^mode: (set|count|atomic)\n/, 'it is a coverage profile, which this version cannot read yet'],
  // eslint-disable-next-line no-control-regex
  [/^PK\x03\x04/, 'it is a zip archive, which this version cannot read yet'],
  [/^\s*<(!doctype|html)/i, 'it is a web page; show it with: observe open'],
];

function refuseOthers(path: string, head: Uint8Array): void {
  const text = Buffer.from(head).toString('latin1');
  const kind = KINDS.find(([shape]) => shape.test(text));
  if (kind !== undefined) throw new Problem(`${path}: ${kind[1]}`);
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
