import { expect, test } from 'vitest';
import { checkFloors } from './floors.mjs';
import type { FloorPlan } from './floors.mjs';

const plan: FloorPlan = {
  rooms: {
    'packages/base': { floor: 0, platform: 'pure' },
    'packages/gotest': { floor: 1, platform: 'pure' },
    'packages/gostack': { floor: 1, platform: 'pure' },
    'packages/run': { floor: 2, platform: 'pure' },
    'packages/testkit': { floor: 3.4, platform: 'node', isTestOnly: true },
    'packages/store': { floor: 3.5, platform: 'node', mayImport: ['packages/base'] },
    'apps/cli': { floor: 4, platform: 'node' },
    'apps/web': { floor: 4, platform: 'browser' },
    e2e: { floor: 5, platform: 'node', isTest: true, mayImport: ['packages/testkit'] },
  },
  islands: ['apps/web/src/features'],
  debts: [],
};

/** What is said of a tree, one `file: message` each. A tree: a file and its text. */
const said = (tree: Record<string, string>, debts: FloorPlan['debts'] = []): string[] =>
  checkFloors({ ...plan, debts }, new Map(Object.entries(tree))).map((v) => `${v.from}: ${v.message}`);

test('says nothing when imports go down', () => {
  const tree = {
    'packages/run/src/index.ts': `import { parse } from '@observe/gotest'; export { ns } from '@observe/base';`,
    'apps/cli/src/main.ts': `import 'node:fs'; import 'ws'; const store = await import('@observe/store');`,
    'e2e/a.spec.ts': `import { latch } from '@observe/testkit'; import { expect } from '@playwright/test';`,
  };
  expect(said(tree)).toEqual([]);
});

test('refuses imports that go sideways or up, of types too', () => {
  const tree = {
    'packages/base/src/a.ts': `export type { RunState } from '@observe/run';`,
    'packages/gotest/src/a.ts': `type A = import('@observe/gostack').Stack;`,
    'apps/cli/src/a.ts': `await import('@observe/web');`,
  };
  expect(said(tree)).toEqual([
    'apps/cli/src/a.ts: goes sideways: floor 4 → floor 4',
    'packages/base/src/a.ts: goes up: floor 0 → floor 2',
    'packages/gotest/src/a.ts: goes sideways: floor 1 → floor 1',
  ]);
});

test('lets only tests and Node rooms see Node', () => {
  const tree = {
    'packages/run/src/a.ts': `import { readFileSync } from 'node:fs';`,
    'packages/run/src/a.test.ts': `import { readFileSync } from 'node:fs';`,
    'packages/run/test/helper.ts': `import { readFileSync } from 'node:fs';`,
    'apps/web/src/a.ts': `import '@observe/store';`,
  };
  expect(said(tree)).toEqual([
    'apps/web/src/a.ts: packages/store needs Node, apps/web has none',
    'packages/run/src/a.ts: packages/run has no Node: take what you need as an argument',
  ]);
});

test('keeps the testkit for tests', () => {
  const tree = {
    'packages/base/src/a.test.ts': `import '@observe/testkit';`,
    'packages/base/src/a.ts': `import '@observe/testkit';`,
  };
  expect(said(tree)).toEqual(['packages/base/src/a.ts: packages/testkit is for tests']);
});

test('refuses deep imports, paths out of a room, rooms not on a short list, and rooms that do not exist', () => {
  const tree = {
    'packages/run/src/a.ts': `import '@observe/base/src/ns.ts';`,
    'packages/run/src/b.ts': `import '../../base/src/ns.ts';`,
    'packages/store/src/c.ts': `import '@observe/run';`,
    'packages/store/src/d.ts': `import '@observe/utils';`,
    'packages/utils/src/e.ts': ``,
  };
  expect(said(tree)).toEqual([
    'packages/run/src/a.ts: a deep import: the only door is @observe/base',
    'packages/run/src/b.ts: reaches out of its room by a path: import the other room by its name',
    'packages/store/src/c.ts: packages/store may not import packages/run',
    'packages/store/src/d.ts: no such room in floors.json',
    'packages/utils/src/e.ts: is in no room of floors.json',
  ]);
});

test('keeps the features of the page apart', () => {
  const tree = {
    'apps/web/src/features/tree/Tree.tsx': `import { Bar } from '../timeline/Bar.tsx'; import './Row.tsx'; import '../../ui/Icon.tsx';`,
  };
  expect(said(tree)).toEqual(['apps/web/src/features/tree/Tree.tsx: tree and timeline must not know each other']);
});

test('finds a cycle of files, but not one of types alone', () => {
  const tree = {
    'packages/run/src/a.ts': `import './b.ts';`,
    'packages/run/src/b.ts': `import './c.ts';`,
    'packages/run/src/c.ts': `import { a } from './a.ts';`,
    'packages/run/src/d.ts': `import type { E } from './e.ts';`,
    'packages/run/src/e.ts': `import './d.ts';`,
  };
  expect(said(tree)).toEqual([
    'packages/run/src/a.ts: a cycle: packages/run/src/a.ts → packages/run/src/b.ts → packages/run/src/c.ts → packages/run/src/a.ts',
  ]);
});

test('tolerates a debt until it is paid', () => {
  const debts = [{ from: 'packages/base/src/a.ts', to: '@observe/run', why: 'until base has its own' }];
  expect(said({ 'packages/base/src/a.ts': `import '@observe/run';` }, debts)).toEqual([]);
  expect(said({ 'packages/base/src/a.ts': `` }, debts)).toEqual([
    'packages/base/src/a.ts: is paid: take this debt out of floors.json',
  ]);
});
