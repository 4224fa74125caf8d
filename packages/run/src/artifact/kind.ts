import { parseGoroutineHeader } from '@observe/gostack';
import { parseHeader } from '@observe/gotrace';
import { hasProfileShape, legacyProfileOf } from '@observe/pprof';

/**
 * What a file is.
 * - `trace`: an execution trace, of the format of Go `1.<version>`
 * - `pprof`: a profile, profile.proto
 * - `goroutine-profile`: a goroutine or goroutineleak profile as text (`debug=1`)
 * - `legacy-profile`: a profile that is no profile.proto, which nobody here reads
 * - `coverage`: a coverage profile
 * - `test-json`: a `go test -json` stream, perhaps with text mixed in
 * - `test-text`: what `go test` prints without `-json`; it may hold panics and dumps
 * - `dump`: goroutine stacks, a panic, a race report, as a Go program prints them (also a goroutine profile with `debug=2`)
 * - `gzip`: packed; inflate it and ask again
 */
export type ArtifactKind =
  | 'trace'
  | 'pprof'
  | 'goroutine-profile'
  | 'legacy-profile'
  | 'coverage'
  | 'test-json'
  | 'test-text'
  | 'dump'
  | 'gzip'
  | 'empty'
  | 'unknown';

export interface Artifact {
  readonly kind: ArtifactKind;
  /** Of a trace: 26 for the format of Go 1.26. Undefined for all others. */
  readonly version: number | undefined;
  /** What it is, for people; goes on after "is": `an execution trace of Go 1.26`. */
  readonly words: string;
}

/** How much of a file tells what it is. More does no harm, less may not do: text can begin with anything. */
export const ARTIFACT_HEAD_BYTES = 16 * 1024;

/** Tells a file by its first bytes; `head` is the whole of a smaller one. Names are not asked: they lie, and Go has no rule for them. */
export function kindOfArtifact(head: Uint8Array): Artifact {
  if (head.length === 0) return is('empty', 'empty: what a process leaves that did not end normally');
  if (head[0] === 0x1f && head[1] === 0x8b) return is('gzip', 'packed with gzip');
  const bytes = head.subarray(0, ARTIFACT_HEAD_BYTES);
  const version = parseHeader(bytes);
  if (version !== undefined) return { kind: 'trace', version, words: `an execution trace of Go 1.${version}` };
  if (hasProfileShape(bytes)) return is('pprof', 'a profile (pprof)');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return is('unknown', 'text in UTF-16, as PowerShell redirects it: write it as UTF-8');
  }
  return kindOfText(bytes) ?? is('unknown', 'nothing that observe reads');
}

const is = (kind: ArtifactKind, words: string): Artifact => ({ kind, version: undefined, words });

const COVERAGE = /^mode: (?:set|count|atomic)\r?$/;
const GOROUTINE_PROFILE = /^goroutine(?:leak)? profile: total \d+\r?$/;
const TEST_JSON = /^\{(?:"\w+":"(?:[^"\\]|\\.)*",){0,8}"Action":"/;
const TEST_TEXT =
  /^(?:=== (?:RUN|PAUSE|CONT|NAME) |\s*--- (?:PASS|FAIL|SKIP|BENCH): |(?:ok {2}|FAIL|\? {3})\t\S|(?:PASS|FAIL)\r?$)/;
const RACE = /^WARNING: DATA RACE\r?$/;

/** The first line that tells decides, a line of `-json` before all others: a stream may have text mixed in. */
function kindOfText(bytes: Uint8Array): Artifact | undefined {
  const lines = asciiOf(bytes).split('\n');
  if (COVERAGE.test(lines.find((line) => line.trim() !== '') ?? '')) return is('coverage', 'a coverage profile');
  if (lines.some((line) => TEST_JSON.test(line))) return is('test-json', 'a `go test -json` stream');
  for (const line of lines) {
    if (GOROUTINE_PROFILE.test(line)) return is('goroutine-profile', 'a goroutine profile as text (debug=1)');
    if (TEST_TEXT.test(line)) return is('test-text', 'the text of `go test` without -json');
    const isHeader = parseGoroutineHeader(line.trimEnd()) !== undefined;
    if (isHeader || RACE.test(line)) return is('dump', 'a dump of goroutines');
  }
  const legacy = legacyProfileOf(bytes);
  if (legacy === undefined) return undefined;
  const words = legacy === 'text' ? 'a profile printed as text' : 'a CPU profile of an old format';
  return is('legacy-profile', `${words}: take it without \`debug=\``);
}

/** One character for each byte: what tells is ASCII. Without a byte order mark. */
function asciiOf(bytes: Uint8Array): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const parts: string[] = [];
  for (let i = hasMark ? 3 : 0; i < bytes.length; i += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  }
  return parts.join('');
}
