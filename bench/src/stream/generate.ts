import { wallAfter, formatWallTime, ns, wallFromEpochMs } from '@observe/base';
import { createRandom, type Random } from './random.ts';
import { planPackages, type PlannedTest, type Shape } from './plan.ts';
import type { Recorded } from './recorded.ts';

/** Packages and parallel tests of one parent that run at once: as in the recordings of `shop`. */
const [LIVE_PACKAGES, LIVE_TESTS] = [2, 4];
/** How often a line is not of the package, or the parallel test, that had the turn: so that lines change as often as in the recordings. */
const [PACKAGE_TURN, TEST_TURN] = [0.01, 0.3];
const ORIGIN = wallFromEpochMs(Date.UTC(2026, 10, 23, 8));
const CHUNK_CHARS = 1024 * 1024;

/** A line without its time: what comes after `{"Time":"…","Action":"`. */
type Tail = string;

/** The stream of a shape in pieces of about a megabyte; the same bytes every time. */
export function* generate(shape: Shape, recorded: Recorded): Generator<string> {
  const random = createRandom(shape.seed);
  const waiting = planPackages(shape, recorded, random);
  const live: Iterator<Tail>[] = [];
  let atNs = 0;
  let current = 0;
  let chunk = '';
  for (;;) {
    while (live.length < LIVE_PACKAGES) {
      const next = waiting.shift();
      if (next === undefined) break;
      live.push(packageLines(next.name, next.tests, shape, random));
    }
    if (live.length === 0) break;
    if (random.next() < PACKAGE_TURN || current >= live.length) current = random.below(live.length);
    const line = live[current]?.next();
    if (line?.done !== false) {
      live.splice(current, 1);
      continue;
    }
    atNs += random.pick(recorded.gapsNs);
    chunk += `{"Time":"${formatWallTime(wallAfter(ORIGIN, ns(atNs)))}","Action":"${line.value}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** One package, from its `start` to its end. */
function* packageLines(
  name: string,
  tests: readonly PlannedTest[],
  { hasOutputType }: Shape,
  random: Random,
): Generator<Tail> {
  const write = writer(name, hasOutputType);
  yield write.event('start');
  yield* testsLines(tests, write, random);
  const hasFailed = tests.some((test) => test.outcome === 'fail');
  const seconds = (tests.length / 1000).toFixed(3);
  yield write.frame(undefined, hasFailed ? 'FAIL\\n' : 'PASS\\n');
  yield write.frame(undefined, `${hasFailed ? 'FAIL' : 'ok  '}\\t${name}\\t${seconds}s\\n`);
  yield write.event(hasFailed ? 'fail' : 'pass', undefined, `,"Elapsed":${Number(seconds)}`);
}

/** Tests of one parent: each up to its end or its pause; when all have begun, those that paused, a few at a time. */
function* testsLines(tests: readonly PlannedTest[], write: Writer, random: Random): Generator<Tail> {
  const paused: PlannedTest[] = [];
  for (const test of tests) {
    yield write.event('run', test);
    yield write.frame(test, `=== RUN   ${test.name}\\n`);
    if (test.isParallel) {
      yield write.frame(test, `=== PAUSE ${test.name}\\n`);
      yield write.event('pause', test);
      paused.push(test);
    } else yield* bodyLines(test, write, random);
  }
  const live: Iterator<Tail>[] = [];
  let current = 0;
  for (let next = 0; next < paused.length || live.length > 0;) {
    const test = live.length < LIVE_TESTS ? paused[next] : undefined;
    if (test !== undefined) {
      next++;
      yield write.event('cont', test);
      yield write.frame(test, `=== CONT  ${test.name}\\n`);
      live.push(bodyLines(test, write, random));
      continue;
    }
    if (random.next() < TEST_TURN || current >= live.length) current = random.below(live.length);
    const line = live[current]?.next();
    if (line?.done === false) yield line.value;
    else live.splice(current, 1);
  }
}

/** What a test prints, its subtests, its result. */
function* bodyLines(test: PlannedTest, write: Writer, random: Random): Generator<Tail> {
  for (const line of test.lines) yield write.output(test, line.json, line.isError);
  yield* testsLines(test.subtests, write, random);
  const indent = '    '.repeat(test.depth);
  yield write.frame(test, `${indent}--- ${test.outcome.toUpperCase()}: ${test.name} (${test.elapsed.toFixed(2)}s)\\n`);
  yield write.event(test.outcome, test, `,"Elapsed":${test.elapsed}`);
}

interface Writer {
  event(action: string, test?: PlannedTest, more?: string): Tail;
  /** `text`: escaped, but not quoted. */
  frame(test: PlannedTest | undefined, text: string): Tail;
  output(test: PlannedTest, json: string, isError: boolean): Tail;
}

function writer(pkg: string, hasOutputType: boolean): Writer {
  const event: Writer['event'] = (action, test, more = '') =>
    `${action}","Package":"${pkg}"${test === undefined ? '' : `,"Test":"${test.name}"`}${more}}`;
  const type = (name: string): string => (hasOutputType ? `,"OutputType":"${name}"` : '');
  return {
    event,
    frame: (test, text) => event('output', test, `,"Output":"${text}"${type('frame')}`),
    output: (test, json, isError) => event('output', test, `,"Output":${json}${isError ? type('error') : ''}`),
  };
}
