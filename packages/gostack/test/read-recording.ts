import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createAssembler, type Limits, type Report } from '../src/index.ts';

const RECORDINGS = join(import.meta.dirname, '../../../e2e/recordings');

export interface RecordedLine {
  readonly text: string;
  /** Index of the event in which the line begins. */
  readonly at: number;
  /** As the event says. */
  readonly test: string | undefined;
}

interface Event {
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
  readonly Output?: string;
}

/** The lines of one package of a recording; without a package, the recording has one only. */
export function readLines(recording: string, pkg?: string): readonly RecordedLine[] {
  const bytes = readFileSync(join(RECORDINGS, recording));
  const text = (recording.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines: RecordedLine[] = [];
  let open: RecordedLine | undefined;
  for (const [at, json] of text.split('\n').entries()) {
    if (!json.startsWith('{')) continue;
    const event = JSON.parse(json) as Event;
    if (event.Action !== 'output' || (pkg !== undefined && event.Package !== pkg)) continue;
    for (const piece of event.Output?.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      open = { at, test: event.Test, ...open, text: (open?.text ?? '') + piece.replace(/\n$/, '') };
      if (!piece.endsWith('\n')) continue;
      lines.push(open);
      open = undefined;
    }
  }
  if (open) lines.push(open);
  return lines;
}

export function assemble(
  lines: readonly { readonly text: string; readonly at: number }[],
  limits?: Partial<Limits>,
): Report {
  const assembler = createAssembler(limits);
  for (const { text, at } of lines) assembler.push(text, at);
  return assembler.end();
}

/** The lines of a text, each at its index. */
export const assembleText = (text: string, limits?: Partial<Limits>): Report =>
  assemble(
    text.split('\n').map((line, at) => ({ text: line, at })),
    limits,
  );

export const assembleRecording = (recording: string, pkg?: string): Report => assemble(readLines(recording, pkg));
