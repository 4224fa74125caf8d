import type { Frame } from './frame.ts';
import { packageOf } from './std.ts';

/** Go: a name of this form is a test only if no lower-case letter follows. Source: `go help testfunc`. */
const TEST_NAME = /^(?:Test|Benchmark|Fuzz|Example)(?!\p{Ll})/u;

/**
 * The top-level test in whose source the function stands: `TestPanic` of `example.com/m.TestPanic.func1`; also of what the
 * compiler named after it by inlining (`m.TestPanic.helper.func2`). Methods are none (`(*Suite).TestX`), nor is `TestMain`.
 * Subtests are closures: which one, the name does not tell.
 */
export function testFunctionOf(func: string): string | undefined {
  const path = packageOf(func);
  if (path === '') return undefined;
  const name = /^[^.([]*/.exec(func.slice(path.length + 1))?.[0] ?? '';
  return name !== 'TestMain' && TEST_NAME.test(name) ? name : undefined;
}

/** The same, where the file is known to be a test's: a helper `TestServer` of the code under test is no test. */
export const testOfFrame = (frame: Pick<Frame, 'func' | 'file'>): string | undefined =>
  frame.file === undefined || frame.file.endsWith('_test.go') ? testFunctionOf(frame.func) : undefined;

/** Functions of package testing that call the user's test, fuzz test, benchmark, example; user code stands above them. */
export const TEST_RUNNERS: ReadonlySet<string> = new Set([
  'testing.tRunner',
  'testing.fRunner',
  'testing.(*B).runN',
  'testing.runExample',
]);
