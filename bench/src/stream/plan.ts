import type { Random } from './random.ts';
import type { PrintedLine, Recorded, TestModel } from './recorded.ts';

/** What a generated stream is to be like. */
export interface Shape {
  readonly name: string;
  readonly seed: number;
  readonly packages: number;
  /** Tests and subtests, in all packages together. */
  readonly tests: number;
  /** All of them are subtests of one test (which is one more). */
  readonly isOneTable: boolean;
  readonly events: number;
  /** As Go 1.27 writes it. */
  readonly hasOutputType: boolean;
  /** Printed lines have LONG_LINE_CHARS; else they are those of the recordings. */
  readonly hasLongLines: boolean;
}

/** A test that is going to run. */
export interface PlannedTest {
  /** Full name, as it stands in JSON. */
  readonly name: string;
  readonly depth: number;
  readonly isParallel: boolean;
  outcome: 'pass' | 'fail' | 'skip';
  readonly elapsed: number;
  readonly lines: PrintedLine[];
  readonly subtests: PlannedTest[];
}

export interface PlannedPackage {
  readonly name: string;
  readonly tests: PlannedTest[];
}

/** About what test2json makes of a longer line: it cuts at 1,024 bytes. */
const LONG_LINE_CHARS = 1000;
/** Share of tests without subtests that fail; with their parents it comes to 2 in 100. */
const FAIL_SHARE = 0.01;
/** Events of a package itself: start, PASS or FAIL, its line, its end. */
const PACKAGE_EVENTS = 4;
/** Of a test: run and its line, the result's line and the result; pause, cont and their lines. */
const [TEST_EVENTS, PARALLEL_EVENTS] = [4, 4];

/** Deals out recorded tests, as trees, until there are enough; then gives them lines to print until there are enough events. */
export function planPackages(shape: Shape, recorded: Recorded, random: Random): PlannedPackage[] {
  const packages: PlannedPackage[] = [];
  const all: PlannedTest[] = [];
  for (let i = 0; i < shape.packages; i++) {
    const name = `${random.pick(recorded.packages)}${i + 1}`;
    const count = Math.floor((shape.tests * (i + 1)) / shape.packages) - Math.floor((shape.tests * i) / shape.packages);
    const dealer = new Dealer(count, random, all);
    packages.push({ name, tests: shape.isOneTable ? [dealer.table(recorded)] : dealer.tests(recorded) });
  }
  giveLines(shape, recorded, random, all);
  for (const { tests } of packages) for (const test of tests) settleOutcome(test);
  return packages;
}

/** Makes the tests of one package. */
class Dealer {
  readonly #random: Random;
  readonly #all: PlannedTest[];
  readonly #used = new Map<string, number>();
  #left: number;

  constructor(count: number, random: Random, all: PlannedTest[]) {
    this.#left = count;
    this.#random = random;
    this.#all = all;
  }

  tests(recorded: Recorded): PlannedTest[] {
    const tests: PlannedTest[] = [];
    while (this.#left > 0) {
      const model = this.#random.pick(recorded.tests);
      tests.push(this.#plant(model, this.#unique(jsonText(model.name), ''), 0));
    }
    return tests;
  }

  /** One test with all the others as its subtests: each has the name and the habits of a recorded subtest. */
  table(recorded: Recorded): PlannedTest {
    const models = recorded.tests.flatMap((test) => test.subtests).map((model) => ({ ...model, subtests: [] }));
    const name = 'TestTable';
    this.#left++;
    const table = this.#plant({ name, isParallel: false, isSkipped: false, elapsed: 0, subtests: [] }, name, 0);
    while (this.#left > 0) {
      const model = this.#random.pick(models);
      table.subtests.push(this.#plant(model, this.#unique(name + jsonText(model.name), '#'), 1));
    }
    return table;
  }

  #plant(model: TestModel, name: string, depth: number): PlannedTest {
    this.#left--;
    const test: PlannedTest = {
      name,
      depth,
      isParallel: model.isParallel,
      outcome: model.isSkipped ? 'skip' : 'pass',
      elapsed: model.elapsed,
      lines: [],
      subtests: [],
    };
    this.#all.push(test);
    for (const subtest of model.subtests) {
      if (this.#left > 0) test.subtests.push(this.#plant(subtest, name + jsonText(subtest.name), depth + 1));
    }
    if (test.outcome === 'pass' && test.subtests.length === 0 && this.#random.next() < FAIL_SHARE)
      test.outcome = 'fail';
    return test;
  }

  /** The second `TestA` is `TestA` + mark + `1`. */
  #unique(name: string, mark: string): string {
    const used = this.#used.get(name) ?? 0;
    this.#used.set(name, used + 1);
    return used === 0 ? name : `${name}${mark}${used}`;
  }
}

function giveLines(shape: Shape, recorded: Recorded, random: Random, all: readonly PlannedTest[]): void {
  let left = shape.events - shape.packages * PACKAGE_EVENTS;
  for (const test of all) left -= TEST_EVENTS + (test.isParallel ? PARALLEL_EVENTS : 0);
  const pool = shape.hasLongLines ? longLines(recorded, random) : recorded.lines;
  const errors = pool.filter((line) => line.isError);
  const others = pool.filter((line) => !line.isError);
  const mean = recorded.printed.reduce((sum, count) => sum + count, 0) / recorded.printed.length;
  const scale = left / all.length / mean;
  const give = (test: PlannedTest): void => {
    const isError = test.outcome === 'fail' && errors.length > 0;
    test.lines.push(random.pick(isError ? errors : others));
    left--;
  };
  for (const test of all) {
    const count = Math.floor(random.pick(recorded.printed) * scale + random.next());
    for (let i = 0; i < count && left > 0; i++) give(test);
  }
  while (left > 0) give(random.pick(all));
}

/** Lines of LONG_LINE_CHARS, of the words of the recordings. */
function longLines(recorded: Recorded, random: Random): PrintedLine[] {
  const words = recorded.lines.map(({ json }) => json.slice(1, -3)).filter((text) => !text.includes('\\'));
  return Array.from({ length: 64 }, () => {
    let text = '    ';
    while (text.length < LONG_LINE_CHARS) text += random.pick(words);
    return { json: `"${text.slice(0, LONG_LINE_CHARS)}\\n"`, isError: false };
  });
}

/** A test fails with its subtests. */
function settleOutcome(test: PlannedTest): boolean {
  const failed = test.subtests.map(settleOutcome);
  if (failed.includes(true)) test.outcome = 'fail';
  return test.outcome === 'fail';
}

/** As Go writes it between the quotes of JSON. */
const jsonText = (name: string): string =>
  JSON.stringify(name)
    .slice(1, -1)
    .replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
