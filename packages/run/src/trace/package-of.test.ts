import { NONE } from '@observe/gotrace';
import { expect, test } from 'vitest';
import { traced } from '../../test/traces.ts';
import { OWNER, packageOfTrace, ProcessTrace } from '../index.ts';

/** A trace in which top-level tests are seen to run these functions, or goroutines are only seen to start with them. */
function traceWith(called: readonly string[], started: readonly string[] = []): ProcessTrace {
  const trace = new ProcessTrace();
  const strings = [...called, ...started];
  const none = new Int32Array();
  trace.symbols.add({
    firstString: 0,
    strings,
    firstFrame: 0,
    frames: { length: 0, func: none, file: none, line: none },
    firstStack: 0,
    stacks: { length: 0, frame: none, parent: none },
  });
  called.forEach((_, row) => {
    trace.owners.parent.push(OWNER.package);
    trace.owners.kind.push(5);
    trace.owners.hint.push(NONE);
    trace.owners.hint.values[trace.owners.length - 1] = row;
  });
  started.forEach((_, row) => {
    trace.goroutines.goid.push(row);
    trace.goroutines.startFunc.push(called.length + row);
  });
  return trace;
}

test('the package whose test functions ran', () => {
  expect(packageOfTrace(traceWith(['example.com/a.TestX', 'example.com/a.TestY']))).toEqual({
    path: 'example.com/a',
    confidence: 'certain',
  });
});

test('an external test package counts for the one that it tests', () => {
  expect(packageOfTrace(traceWith(['example.com/a_test.TestX']))).toEqual({
    path: 'example.com/a',
    confidence: 'likely',
  });
  expect(packageOfTrace(traceWith(['example.com/a_test.TestX', 'example.com/a.TestY']))?.confidence).toBe('certain');
  expect(packageOfTrace(traced('std/io.trace', 'std/io.jsonl', 'io').trace)?.path).toBe('io');
});

test('the most win: a test may be another package’s function', () => {
  const called = ['example.com/kit.TestAll', 'example.com/a.TestX', 'example.com/a.TestY'];
  expect(packageOfTrace(traceWith(called))?.path).toBe('example.com/a');
});

test('a path is given as it is imported, with its dots', () => {
  expect(packageOfTrace(traceWith(['gopkg.in/yaml%2ev3.TestX']))?.path).toBe('gopkg.in/yaml.v3');
});

test('closures of tests say it, less surely; what is not a test says nothing', () => {
  expect(packageOfTrace(traceWith([], ['example.com/a.TestX.func1']))).toEqual({
    path: 'example.com/a',
    confidence: 'likely',
  });
  expect(packageOfTrace(traceWith([], ['net/http.(*conn).serve', 'testing.tRunner']))).toBeUndefined();
  expect(packageOfTrace(new ProcessTrace())).toBeUndefined();
});
