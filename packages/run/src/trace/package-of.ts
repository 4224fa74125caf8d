import { packageOf, testFunctionOf } from '@observe/gostack';
import { NONE } from '../state.ts';
import { OWNER } from './owner-kind.ts';
import type { ProcessTrace } from './process-trace.ts';

/** The package whose test binary wrote a trace. */
export interface TestedPackage {
  /** Import path. */
  readonly path: string;
  /** `certain`: a test function of the package itself ran. `likely`: only one of `pkg_test`, or a closure of a test. */
  readonly confidence: 'certain' | 'likely';
}

/** By the functions that package testing called, else by closures of tests; undefined when nothing says so. */
export function packageOfTrace(trace: ProcessTrace): TestedPackage | undefined {
  const { owners, goroutines, symbols } = trace;
  const funcs = new Map<number, number>();
  const count = (func: number): void => {
    if (func !== NONE) funcs.set(func, (funcs.get(func) ?? 0) + 1);
  };
  for (let owner = 0; owner < owners.length; owner++) {
    if (owners.parent.values[owner] === OWNER.package) count(owners.hint.values[owner] as number);
  }
  if (funcs.size > 0) return elect(funcs, (row) => symbols.string(row), 'certain');
  for (let row = 0; row < goroutines.length; row++) count(goroutines.startFunc.values[row] as number);
  return elect(funcs, (row) => symbols.string(row), 'likely');
}

/** The path with the most test functions; those of an external test package count for the package that it tests. */
function elect(
  funcs: ReadonlyMap<number, number>,
  text: (row: number) => string,
  best: TestedPackage['confidence'],
): TestedPackage | undefined {
  const votes = new Map<string, { count: number; isInside: boolean }>();
  for (const [row, count] of funcs) {
    const func = text(row);
    if (testFunctionOf(func) === undefined) continue;
    const path = unescaped(packageOf(func));
    const isInside = !path.endsWith('_test');
    const tested = isInside ? path : path.slice(0, -'_test'.length);
    const vote = votes.get(tested);
    votes.set(tested, { count: (vote?.count ?? 0) + count, isInside: isInside || (vote?.isInside ?? false) });
  }
  const [first] = [...votes].sort(([, a], [, b]) => b.count - a.count);
  return first && { path: first[0], confidence: first[1].isInside ? best : 'likely' };
}

/** Go escapes dots in the last element of a path: `gopkg.in/yaml%2ev3`. */
const unescaped = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
