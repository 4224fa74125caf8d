/** A line that package testing prints about a test. */
export interface Frame {
  readonly mark: 'RUN' | 'PAUSE' | 'CONT' | 'NAME' | 'ATTR' | 'ARTIFACTS' | 'PASS' | 'FAIL' | 'SKIP' | 'BENCH';
  readonly name: string;
  /** Seconds, of `(0.05s)`; only result marks have it. */
  readonly elapsed: number | undefined;
}

const RESULT = /^ *--- (PASS|FAIL|SKIP|BENCH): (.+) \((\d+\.\d+)s\)\r?\n?$/;
const UNTIMED_RESULT = /^ *--- (PASS|FAIL|SKIP|BENCH): (.+)\r?\n?$/;
const STEP = /^=== (RUN|PAUSE|CONT|NAME|ATTR|ARTIFACTS) +(\S+)[^\n]*\n?$/;

/** The frame that a whole output text is, as test2json hands it over: `    --- PASS: TestA/b (0.05s)\n`. */
export function readFrame(output: string): Frame | undefined {
  return readResult(output) ?? readStep(output);
}

/** Only `--- PASS|FAIL|SKIP|BENCH: NAME (0.00s)`, after any number of spaces. */
export function readResult(output: string): Frame | undefined {
  let at = 0;
  while (output.charCodeAt(at) === 0x20) at++;
  if (!output.startsWith('--- ', at)) return undefined; // the cheap look that nearly every line ends at
  const match = RESULT.exec(output) ?? UNTIMED_RESULT.exec(output);
  if (match?.[2] === undefined) return undefined;
  return {
    mark: match[1] as Frame['mark'],
    name: match[2],
    elapsed: match[3] === undefined ? undefined : Number(match[3]),
  };
}

/**
 * `readFrame(output)?.name === name`. Nearly every frame is of the test that Go pinned it on, and every step pads its mark
 * to ten characters, so that the names are compared before anything is read.
 */
export const isFrameOf = (output: string, name: string): boolean =>
  (output.length === STEP_CHARS + name.length && output.slice(STEP_CHARS) === name && isPlainStep(output)) ||
  readFrame(output)?.name === name;

const STEP_CHARS = 10;
const isPlainStep = (output: string): boolean =>
  output.startsWith('=== RUN   ') ||
  output.startsWith('=== PAUSE ') ||
  output.startsWith('=== CONT  ') ||
  output.startsWith('=== NAME  ');

function readStep(output: string): Frame | undefined {
  if (!output.startsWith('=== ')) return undefined;
  const match = STEP.exec(output);
  if (match?.[2] === undefined) return undefined;
  return { mark: match[1] as Frame['mark'], name: match[2], elapsed: undefined };
}

const MIDLINE = /(?:--- (?:PASS|FAIL|SKIP): .+? \(\d+\.\d+s\)|=== (?:RUN|PAUSE|CONT) +\S+)\r?\n?$/;

/** A frame that ends a line but does not begin it: the text before it had no newline, so test2json did not see it. */
export function readMidlineFrame(output: string): Frame | undefined {
  if (!output.includes('--- ', 1) && !output.includes('=== ', 1)) return undefined;
  const match = MIDLINE.exec(output);
  return match === null || match.index === 0 ? undefined : readFrame(match[0]);
}

/** `    file.go:12: ` — what t.Log and its kin print, so that the line is certainly its test's own. */
export const isTestLog = (line: string): boolean =>
  line.charCodeAt(0) === SPACE && /^ {4}(?: {4})*[^\s:][^:\n]*\.go:\d+: /.test(line);

/** The names that `go test` gives: Test, Benchmark, Fuzz or Example, then no lower-case letter. */
export const isTestName = (name: string): boolean => TEST_NAME.test(name);
const TEST_NAME = /^(?:Test|Benchmark|Fuzz|Example)(?!\p{Ll})/u; // made once: a bundler may write it as `new RegExp`

const SPACE = 0x20;
