import { testOutcome } from '@observe/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SORTS } from './tree.ts';
import { decodeView, DEFAULT_VIEW, encodeView, isNewerLink, TABS, type View } from './view-url.ts';

const name = fc.string({ minLength: 1, unit: 'grapheme' });
const anyView: fc.Arbitrary<View> = fc.record({
  selection: fc.oneof(
    fc.constant({ kind: 'run' as const }),
    fc.record({ kind: fc.constant('package' as const), package: fc.oneof(name, fc.constant('')) }),
    fc.record({
      kind: fc.constant('test' as const),
      package: name,
      test: name,
      occurrence: fc.integer({ min: 1, max: 1000 }),
    }),
    fc.record({ kind: fc.constant('build' as const), importPath: name }),
  ),
  range: fc.oneof(
    fc.constant({ kind: 'fit' as const }),
    fc.record({ kind: fc.constant('follow' as const), spanNs: fc.integer({ min: 1, max: 1e15 }) }),
    fc
      .tuple(fc.integer({ min: -1e12, max: 1e15 }), fc.integer({ min: 1, max: 1e15 }))
      .map(([fromNs, span]) => ({ kind: 'fixed' as const, fromNs, toNs: fromNs + span })),
  ),
  outcomes: fc.subarray([...testOutcome.options]).map((list) => new Set(list)),
  text: fc.string(),
  sort: fc.constantFrom(...SORTS),
  tab: fc.constantFrom(...TABS),
});

test('a link gives back the view it was made of', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      expect(decodeView(encodeView(view))).toEqual(view);
    }),
  );
});

test('the default view needs no query at all', () => {
  expect(encodeView(DEFAULT_VIEW)).toBe('');
  expect(decodeView('')).toEqual(DEFAULT_VIEW);
});

test('says its version', () => {
  expect(encodeView({ ...DEFAULT_VIEW, text: 'x' })).toBe('v=1&q=x');
  expect([isNewerLink('v=2'), isNewerLink('v=1'), isNewerLink('')]).toEqual([true, false, false]);
});

test('any text is a view', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeView(text).range.kind).toMatch(/fit|follow|fixed/);
    }),
  );
  expect(decodeView('t=5:1&show=pass,nonsense&n=-3&pkg=a&test=b')).toEqual({
    ...DEFAULT_VIEW,
    outcomes: new Set(['pass']),
    selection: { kind: 'test', package: 'a', test: 'b', occurrence: 1 },
  });
});
