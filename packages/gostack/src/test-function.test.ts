import { expect, test } from 'vitest';
import { packageOf } from './std.ts';
import { testFunctionOf } from './test-function.ts';

test.each([
  ['example.com/m.TestA', 'TestA'],
  ['example.com/m_test.TestA.func1.2', 'TestA'],
  ['gopkg.in/yaml%2ev3.TestA', 'TestA'],
  ['m.TestA.helper.func2', 'TestA'],
  ['m.TestA[...].func1', 'TestA'],
  ['m.TestA.func1.F[go.shape.*example.com/n.T]', 'TestA'],
  ['m.Test', 'Test'],
  ['m.Test_under', 'Test_under'],
  ['m.TestÜber', 'TestÜber'],
  ['m.BenchmarkB.func1', 'BenchmarkB'],
  ['m.FuzzF', 'FuzzF'],
  ['m.ExampleE_suffix', 'ExampleE_suffix'],
  ['m.TestMain', undefined],
  ['m.Testing', undefined],
  ['m.(*Suite).TestA', undefined],
  ['m.Suite.TestA', undefined],
  ['m.helper', undefined],
  ['panic', undefined],
])('finds the test of %s', (func, expected) => {
  expect(testFunctionOf(func)).toBe(expected);
});

test.each([
  ['database/sql.(*DB).conn', 'database/sql'],
  ['gopkg.in/yaml%2ev3.Parse', 'gopkg.in/yaml%2ev3'],
  ['m.F[example.com/n.T]', 'm'],
  ['panic', ''],
])('finds the package of %s', (func, expected) => {
  expect(packageOf(func)).toBe(expected);
});
