import { recordingText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { readCoverage, readGoroutineProfile, readProfile, readReport } from '../../test/artifacts.ts';
import { packageOfCoverage, packageOfGoroutineProfile, packageOfProfile, packageOfReport } from './package.ts';

const NAMES = ['auth', 'inventory', 'orders', 'payments'];
const SHOP = [...NAMES, 'reports'].map((name) => `example.com/shop/${name}`);
const UNPLACED = { package: undefined, how: 'nothing', confidence: undefined, packages: [] };

test.each(['go1.22', 'go1.27'].flatMap((version) => NAMES.map((name) => [version, name] as const)))(
  '%s, %s: its profiles are placed; those without a stack of the test, by the name of the binary',
  (version, name) => {
    for (const kind of ['block', 'cpu', 'mem', 'mutex']) {
      const profile = readProfile(`shop/${version}/${name}.${kind}`);
      const alone = packageOfProfile(profile);
      if (alone.how !== 'nothing') expect(alone).toMatchObject({ how: 'test-file', confidence: 'certain' });
      expect(packageOfProfile(profile, SHOP).package).toBe(`example.com/shop/${name}`);
    }
    expect(packageOfProfile(readProfile(`shop/${version}/${name}.block`)).how).toBe('test-file');
  },
);

test('a test of the external package is of the package that it tests', () => {
  const placed = {
    package: 'example.com/profiles/busy',
    how: 'test-file',
    confidence: 'certain',
    packages: ['example.com/profiles/busy'],
  };
  for (const kind of ['block', 'cpu', 'goroutine', 'goroutineleak', 'heap']) {
    expect(packageOfProfile(readProfile(`profiles/go1.26/${kind}`))).toEqual(placed);
  }
  expect(packageOfGoroutineProfile(readGoroutineProfile('profiles/go1.26/goroutine.debug1.txt'))).toEqual(placed);
  expect(packageOfReport(readReport(recordingText('profiles/go1.26/goroutine.debug2.txt')))).toEqual(placed);
});

test('the binary names a package of the run, its major version aside; two of one name are not told apart', () => {
  const profile = readProfile('profiles/go1.26/threadcreate');
  expect(packageOfProfile(profile)).toEqual(UNPLACED);
  expect(packageOfProfile(profile, ['m/busy', 'm/other'])).toMatchObject({
    package: 'm/busy',
    how: 'test-binary',
    confidence: 'likely',
  });
  expect(packageOfProfile(profile, ['m/busy/v2', 'm/v2']).package).toBe('m/busy/v2');
  expect(packageOfProfile(profile, ['m/busy', 'm/x/busy'])).toEqual({
    package: undefined,
    how: 'several',
    confidence: undefined,
    packages: ['m/busy', 'm/x/busy'],
  });
  expect(packageOfProfile({ ...profile, binary: 'C:\\tmp\\busy.test.exe' }, ['m/busy']).package).toBe('m/busy');
});

const dump = (func: string, file: string): string =>
  `panic: boom\n\ngoroutine 7 [running]:\n${func}(0x1)\n\t${file}:3 +0x1\n`;
const placeDump = (func: string, file: string): unknown => packageOfReport(readReport(dump(func, file))).package;

test('paths as Go writes them in names of functions', () => {
  expect(placeDump('gopkg.in/yaml%2ev3.TestA', '/home/u/yaml/x_test.go')).toBe('gopkg.in/yaml.v3');
  expect(placeDump('gopkg.in/yaml%2ev3_test.TestA.func1', '/home/u/yaml/x_test.go')).toBe('gopkg.in/yaml.v3');
  expect(placeDump('m/load_test.TestA', '/home/u/m/load_test/x_test.go')).toBe('m/load_test');
  expect(placeDump('m/load_test_test.TestA', 'm/load_test/x_test.go')).toBe('m/load_test');
  expect(placeDump('m.(*controller).called[...]', 'C:/src/m/helper_test.go')).toBe('m');
});

test('code that is no test’s places nothing', () => {
  expect(placeDump('m.TestServer', 'm/server.go')).toBeUndefined();
  expect(placeDump('main.main', '_testmain.go')).toBeUndefined();
  expect(packageOfReport(readReport('hello'))).toEqual(UNPLACED);
});

test('a race is placed by the stacks of its accesses', () => {
  const text = recordingText('streams/race.jsonl')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { Output?: string }).Output ?? '')
    .join('');
  expect(packageOfReport(readReport(text)).package).toBe('example.com/rec/race');
});

test('coverage of one package is its, of several nobody’s', () => {
  expect(packageOfCoverage(readCoverage('mode: set\nm/a/x.go:1.1,2.2 1 1\nm/a/y.go:1.1,2.2 1 1\n'))).toEqual({
    package: 'm/a',
    how: 'covered-files',
    confidence: 'certain',
    packages: ['m/a'],
  });
  expect(packageOfCoverage(readCoverage(recordingText('profiles/go1.26/set.cover')))).toEqual({
    package: undefined,
    how: 'several',
    confidence: undefined,
    packages: ['example.com/profiles/busy', 'example.com/profiles/price'],
  });
  expect(packageOfCoverage(readCoverage('mode: set\n'))).toEqual(UNPLACED);
});
