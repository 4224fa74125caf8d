import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const RECORDINGS = new URL('../../../e2e/recordings/', import.meta.url);

/** Bytes of a recording, for example `streams/parallel.jsonl`; gzipped ones are inflated. */
export function recordingBytes(name: string): Buffer {
  const bytes = readFileSync(new URL(name, RECORDINGS));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

export const recordingText = (name: string): string => recordingBytes(name).toString('utf8');
