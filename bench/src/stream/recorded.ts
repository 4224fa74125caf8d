import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nsSince, type Ns } from '@observe/base';
import { createParser, readHead, type TestEvent } from '@observe/gotest';
import { ROOT } from '../root.ts';

/** One test of a recording, as a model for generated ones. */
export interface TestModel {
  /** Of a subtest: what its name adds to its parent's, with the slash. */
  readonly name: string;
  readonly isParallel: boolean;
  readonly isSkipped: boolean;
  /** As Go said it, in seconds. */
  readonly elapsed: number;
  readonly subtests: TestModel[];
}

/** What a test printed in one event. */
export interface PrintedLine {
  /** As it stands in the stream: quoted and escaped by Go. */
  readonly json: string;
  /** Told by Go 1.27 of what `t.Error` printed. */
  readonly isError: boolean;
}

/** What the generator deals out. */
export interface Recorded {
  /** Each as often as it has top-level tests. */
  readonly packages: readonly string[];
  /** Top-level tests, with their subtests. */
  readonly tests: readonly TestModel[];
  /** For each test of `shop`, how many lines it printed: that suite talks, the standard library's is silent (4.8 and 0.2 a test). */
  readonly printed: readonly number[];
  /** Every line that a test printed, but those that begin the text of a dying process. */
  readonly lines: readonly PrintedLine[];
  /** Time between two lines, at most MAX_GAP_NS. */
  readonly gapsNs: readonly Ns[];
}

/** The rest is waiting (timeouts, sleeps), which would only make the run long. */
const MAX_GAP_NS = 1e6;

const STD = ['context.jsonl', 'database_sql.jsonl.gz', 'io.jsonl', 'net_http.jsonl.gz', 'sync.jsonl'];
const SHOP = ['go1.22', 'go1.23', 'go1.24', 'go1.25', 'go1.26', 'go1.27'];
/** The recordings whose mix is generated: healthy code in bulk, and a small suite with much trouble. */
export const RECORDINGS = [...STD.map((file) => `std/${file}`), ...SHOP.map((go) => `shop/${go}/run.jsonl`)];

export function recordingText(name: string): string {
  const bytes = readFileSync(join(ROOT, 'e2e/recordings', name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

const FRAME = /^ *(?:---|===) /;
const OUTPUT = /"Output":("(?:[^"\\]|\\.)*")/;

/** Reads the recordings of `std` and `shop`. */
export function readRecorded(): Recorded {
  const packages: string[] = [];
  const tests: TestModel[] = [];
  const printed: number[] = [];
  const lines: PrintedLine[] = [];
  const gapsNs: Ns[] = [];
  for (const file of RECORDINGS) {
    const byName = new Map<string, { -readonly [K in keyof TestModel]: TestModel[K] } & { printed: number }>();
    let before: TestEvent | undefined;
    for (const { event, json } of eventsOf(recordingText(file))) {
      if (before?.time !== undefined && event.time !== undefined) {
        gapsNs.push(Math.min(MAX_GAP_NS, Math.max(0, nsSince(before.time, event.time))) as Ns);
      }
      before = event;
      if (event.package === undefined || event.test === undefined) continue;
      const key = `${event.package} ${event.test}`;
      let test = byName.get(key);
      if (test === undefined) {
        const parent = parentOf(key, (name) => byName.get(name));
        const name = parent === undefined ? event.test : key.slice(parent.key.length);
        test = { name, isParallel: false, isSkipped: false, elapsed: 0, subtests: [], printed: 0 };
        byName.set(key, test);
        (parent === undefined ? tests : parent.value.subtests).push(test);
        if (parent === undefined) packages.push(event.package);
      }
      if (event.action === 'pause') test.isParallel = true;
      if (event.action === 'skip') test.isSkipped = true;
      if (event.elapsed !== undefined) test.elapsed = event.elapsed;
      if (event.output === undefined || FRAME.test(event.output)) continue;
      test.printed++;
      if (readHead(event.output) === undefined) lines.push({ json, isError: event.outputType === 'error' });
    }
    if (file.startsWith('shop/')) for (const test of byName.values()) printed.push(test.printed);
  }
  return { packages, tests, printed, lines, gapsNs };
}

/** The events of a stream, each with its output as Go wrote it. */
function* eventsOf(text: string): Generator<{ event: TestEvent; json: string }> {
  const parse = createParser();
  for (const line of text.split('\n')) {
    const event = parse(line);
    if (event !== undefined) yield { event, json: OUTPUT.exec(line)?.[1] ?? '""' };
  }
}

/** The test with the longest prefix of the name, cut at a slash of the test's own part. */
function parentOf<T>(key: string, find: (key: string) => T | undefined): { key: string; value: T } | undefined {
  const space = key.indexOf(' ');
  for (let cut = key.lastIndexOf('/'); cut > space; cut = key.lastIndexOf('/', cut - 1)) {
    const value = find(key.slice(0, cut));
    if (value !== undefined) return { key: key.slice(0, cut), value };
  }
  return undefined;
}
