import { expect, test } from 'vitest';
import { found, GO_VERSIONS, shop, std, STD, streamFacts, titles } from '../test/facts.ts';

test.each(GO_VERSIONS)('fires on shop, Go %s: TestSessionDeadlock, and where it stood', (version) => {
  const [finding, ...rest] = found('timeout', shop(version));
  expect(rest).toEqual([]);
  expect(finding).toMatchObject({
    severity: 'error',
    confidence: 'certain',
    title: 'TestSessionDeadlock ran into -timeout 5s',
    tests: [{ package: 'example.com/shop/auth', test: 'TestSessionDeadlock', occurrence: 1 }],
  });
  expect(finding?.detail).toMatch(/called by auth\.TestSessionDeadlock\.func1 \(auth_test\.go:\d+\)/);
  expect(finding?.detail).toMatch(/called by auth\.TestSessionDeadlock\.func2 \(auth_test\.go:\d+\)/);
});

test('names the tests that ran, not those that waited for a slot', () => {
  expect(titles('timeout', streamFacts('streams/hang-timeout.jsonl'))).toEqual([
    'TestHangMutex, TestSelect ran into -timeout 1s',
  ]);
});

test.each(STD)('is silent on std %s', (name) => expect(found('timeout', std(name))).toEqual([]));

test.each(['panics', 'bgpanic', 'interrupt', 'deadlock-notimeout'])('is silent where %s ended the process', (name) => {
  expect(found('timeout', streamFacts(`streams/${name}.jsonl`))).toEqual([]);
});
