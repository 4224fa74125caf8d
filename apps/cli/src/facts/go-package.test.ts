import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importPathOf, modulePathOf } from './go-package.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'observe-package-'));
  const mods = {
    'm/go.mod': 'module example.com/m',
    'm/inner/go.mod': 'module example.com/inner',
    'go/src/go.mod': 'module std',
    'go/src/cmd/go.mod': 'module cmd',
  };
  for (const [name, text] of Object.entries(mods)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['m', 'example.com/m'],
  ['m/a/b', 'example.com/m/a/b'],
  ['m/inner/a', 'example.com/inner/a'],
  ['m/vendor/example.org/x/y', 'example.org/x/y'],
  ['go/src/net/http', 'net/http'],
  ['go/src/vendor/golang.org/x/net', 'vendor/golang.org/x/net'],
  ['go/src/cmd/go', 'cmd/go'],
  ['pkg/mod/example.com/!big!name@v1.2.3/sub', 'example.com/BigName/sub'],
  ['pkg/mod/example.com/x/v2@v2.0.0-20200101000000-abcdef012345', 'example.com/x/v2'],
  ['elsewhere', undefined],
])('%s is %s', async (directory, path) => {
  expect(await importPathOf(join(root, directory), 'x.test')).toBe(path);
});

test('files on the command line are no package', async () => {
  expect(await importPathOf(join(root, 'm'), '/tmp/b001/command-line-arguments.test')).toBe('command-line-arguments');
});

test('reads the module path of a go.mod', () => {
  expect(
    ['module a/b\n', '// module x\nmodule "a/b" // c\ngo 1.22', 'go 1.22\n\nmodule `a/b`', 'module (\n\ta/b\n)'].map(
      modulePathOf,
    ),
  ).toEqual(Array(4).fill('a/b'));
  expect(['', 'go 1.22', 'modules a'].map(modulePathOf)).toEqual([undefined, undefined, undefined]);
});
