import { rowAt } from '@observe/base';
import type { RunState } from '@observe/run';
import { foldText, recordingText, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { findNode } from './selection.ts';
import { flattenTree, type FlatTree, type TreeOptions } from './tree.ts';

const all: TreeOptions = { outcomes: new Set(), text: '', sort: 'start', isExpanded: () => true };

function shown(run: RunState, tree: FlatTree): string[] {
  return Array.from({ length: tree.length }, (_, i) => {
    const node = tree.at(i)!;
    const name =
      node.kind === 'test'
        ? rowAt(run.tests, node.row)?.name
        : node.kind === 'package'
          ? rowAt(run.packages, node.row)?.name
          : rowAt(run.builds, node.row)?.importPath;
    return `${'  '.repeat(tree.depthAt(i))}${name ?? '?'}`;
  });
}

const shop = foldText(
  streamFromText(`
  api              start@0                 pass@300ms
  api TestList     run@1ms   pass@200ms
  api TestList/b   run@2ms   pass@10ms
  api TestList/a   run@20ms  pass@90ms
  api TestGet      run@201ms skip@202ms
  store            start@0                 fail@400ms
  store TestOpen   run@1ms   pass@20ms
  store TestQuery  run@21ms  fail@40ms
  store TestHang   run@41ms
`),
);

test('lists packages, their tests and subtests in the order in which they began', () => {
  expect(shown(shop, flattenTree(shop, all))).toEqual([
    'api',
    '  TestList',
    '    TestList/b',
    '    TestList/a',
    '  TestGet',
    'store',
    '  TestOpen',
    '  TestQuery',
    '  TestHang',
  ]);
});

test('hides what is below a collapsed node, and says that it could be expanded', () => {
  const tree = flattenTree(shop, { ...all, isExpanded: (node) => node.kind === 'package' });
  expect(shown(shop, tree)).not.toContain('    TestList/b');
  const at = tree.indexOf({ kind: 'test', row: 0 });
  expect([tree.isExpandable(at), tree.isExpanded(at)]).toEqual([true, false]);
});

test('a filter keeps what is above a match', () => {
  expect(shown(shop, flattenTree(shop, { ...all, text: '/a' }))).toEqual(['api', '  TestList', '    TestList/a']);
  expect(shown(shop, flattenTree(shop, { ...all, outcomes: new Set(['fail', 'lost']) }))).toEqual([
    'store',
    '  TestQuery',
    '  TestHang',
  ]);
});

test('a package whose name matches shows all its tests', () => {
  expect(shown(shop, flattenTree(shop, { ...all, text: 'store' }))).toHaveLength(4);
  expect(shown(shop, flattenTree(shop, { ...all, text: 'STORE' }))).toEqual([]);
});

test('sorts siblings by duration or by name, and packages too', () => {
  expect(shown(shop, flattenTree(shop, { ...all, sort: 'duration' })).slice(0, 4)).toEqual([
    'store',
    '  TestHang',
    '  TestOpen',
    '  TestQuery',
  ]);
  expect(shown(shop, flattenTree(shop, { ...all, sort: 'name' })).slice(1, 5)).toEqual([
    '  TestGet',
    '  TestList',
    '    TestList/a',
    '    TestList/b',
  ]);
});

test('a failed build is a row of its own, above the packages it broke', () => {
  const run = foldText(recordingText('streams/builderr.jsonl'));
  expect(flattenTree(run, all).at(0)?.kind).toBe('build');
});

test('knows where a node is, and which row it hangs from', () => {
  const tree = flattenTree(shop, all);
  const at = tree.indexOf(findNode(shop, { kind: 'test', package: 'api', test: 'TestList/a', occurrence: 1 }));
  expect(shown(shop, tree)[at]).toBe('    TestList/a');
  expect(tree.parentOf(at)).toBe(1);
  expect(tree.parentOf(0)).toBe(-1);
});

test('a hundred thousand tests are flattened, filtered and sorted like ten', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `p${i % 200} Test${i} run@${i}ms pass@${i + 1}ms`);
  const run = foldText(streamFromText(lines.join('\n')));
  expect(flattenTree(run, all).length).toBe(100_200);
  expect(flattenTree(run, { ...all, text: 'test9999' }).length).toBe(21);
  const byName = flattenTree(run, { ...all, sort: 'name' });
  expect(byName.length).toBe(100_200);
  expect(shown(run, byName).slice(0, 3)).toEqual(['p0', '  Test0', '  Test1000']);
});
