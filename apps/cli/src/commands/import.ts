import { basename, resolve } from 'node:path';
import { plural } from '@observe/base';
import { createParser } from '@observe/gotest';
import { verdictOf } from '@observe/run';
import { findCollector } from '../collector/collector.ts';
import { openUnpacked } from '../files/unpacked-file.ts';
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
  const { head, bytes: found } = await openUnpacked(path);
  refuseOthers(path, head);
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
    for await (const bytes of found) {
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

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^go 1\.\d+ trace\0/, 'it is an execution trace; see what it holds with: observe trace'],
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
