import { streamFromText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { factsOf, found, GO_VERSIONS, shop, std, STD, streamFacts, titles } from '../test/facts.ts';

const stream = (id: string, name: string): string[] => titles(id, streamFacts(`streams/${name}.jsonl`));
const STREAM_DETECTORS = [
  'deadlock',
  'panic-culprit',
  'silent-death',
  'data-race',
  'build-failure',
  'slot-starvation',
  'stream-quality',
];

describe.each([...STREAM_DETECTORS, 'goexit'])('%s', (id) => {
  test.each(STD)('is silent on std %s', (name) => expect(found(id, std(name))).toEqual([]));
  test.each(['parallel', 'count3', 'interleave', 'delayed', 'bench', 'example', 'attrs'])('is silent on %s', (name) =>
    expect(stream(id, name)).toEqual([]),
  );
});

describe.each(GO_VERSIONS)('shop, Go %s', (version) => {
  test.each(STREAM_DETECTORS)('%s has nothing to say', (id) => expect(found(id, shop(version))).toEqual([]));

  test('goexit: the subtest, and who called Goexit', () => {
    const [finding, ...rest] = found('goexit', shop(version));
    expect(rest).toEqual([]);
    expect(finding?.title).toBe(
      'TestAssertPluginGoexit/assert ended by runtime.Goexit, called in reports.assertFail (reports_test.go:10)',
    );
    expect(finding?.confidence).toBe('certain');
  });
});

describe('panic-culprit', () => {
  test('names the test that had passed, not the one that go test names', () => {
    const [finding] = found('panic-culprit', streamFacts('streams/bgpanic.jsonl'));
    expect(finding?.title).toBe('a goroutine of TestLeaker, which had ended, panicked and killed TestInnocent');
    expect(finding?.tests.map(({ test }) => test)).toEqual(['TestLeaker']);
    expect(finding?.detail).toContain('go test pins it on TestInnocent');
  });
  test('a test that panics itself is its own culprit', () => {
    expect(stream('panic-culprit', 'segv')).toEqual(['TestNilDeref panicked']);
    expect(found('panic-culprit', streamFacts('streams/panics.jsonl'))[0]?.detail).toContain('Never ran: TestPar.');
  });
  test.each(['hang-timeout', 'deadlock-notimeout', 'exit3'])('is silent where %s ended the process', (name) =>
    expect(stream('panic-culprit', name)).toEqual([]),
  );
});

describe('silent-death', () => {
  test('names the tests that an exit took along', () => {
    expect(stream('silent-death', 'exit3')).toEqual(['example.com/rec/exit3 was ended by an exit while TestExit3 ran']);
  });
  test('names the test whose goroutine raised a fatal error', () => {
    const [finding] = found('silent-death', streamFacts('dumps/go1.26/mapwrite.jsonl'));
    expect(finding?.detail).toContain('It was a goroutine of TestMap, in mapwrite.TestMap.func1');
  });
  test.each(['panics', 'hang-timeout', 'interrupt', 'deadlock-notimeout', 'noeol'])('is silent on %s', (name) =>
    expect(stream('silent-death', name)).toEqual([]),
  );
});

describe('data-race', () => {
  test('tells both places of each race, and the test', () => {
    const [first, second] = found('data-race', streamFacts('streams/race.jsonl'));
    expect(first?.title).toBe('data race in TestRace');
    expect(first?.detail).toBe(
      'read by goroutine 9 in race.TestRace.func1 (x_test.go:3)\nwrite by goroutine 8 in race.TestRace (x_test.go:3)',
    );
    expect(second?.id).not.toBe(first?.id);
  });
  test('does not take a panic for a race', () => expect(stream('data-race', 'panics')).toEqual([]));
});

describe('build-failure', () => {
  test.each([
    ['builderr', 'example.com/rec/builderr [example.com/rec/builderr.test] does not build'],
    ['veterr', 'example.com/rec/veterr [example.com/rec/veterr.test] does not pass go vet'],
    ['setuperr', 'nosuch/pkg/here does not build'],
  ])('%s', (name, title) => expect(stream('build-failure', name)).toEqual([title]));
  test('is only likely where plain text tells', () => {
    expect(found('build-failure', streamFacts('streams/nonjson-mixed.jsonl'))[0]?.confidence).toBe('likely');
  });
  test.each(['nofiles', 'notests', 'mainpanic'])('is silent on %s, which fails or is empty otherwise', (name) =>
    expect(stream('build-failure', name)).toEqual([]),
  );
});

describe('slot-starvation', () => {
  const picture = (ms: number): string =>
    streamFromText(`
      store        start@0                                                       pass@${4 * ms + 3}
      store TestA  run@1 pause@1 cont@2                  pass@${2 * ms}ms
      store TestB  run@1 pause@1 cont@${2 * ms + 1}ms    pass@${4 * ms}ms
    `);
  test('tells how much earlier a package could end at best', () => {
    const [finding] = found('slot-starvation', factsOf(picture(1000)));
    expect(finding?.title).toBe('1 test of store waited for a -parallel slot');
    expect(finding?.detail).toContain('up to 2s earlier, of 4s');
    expect(finding?.confidence).toBe('possible');
  });
  test('does not mind a wait of milliseconds', () => {
    expect(found('slot-starvation', factsOf(picture(100)))).toEqual([]);
  });
});

describe('stream-quality', () => {
  test.each([
    ['noeol-v', '1 result stood in the middle of a printed line'],
    ['cached1', '1 package came from the test cache'],
    ['nonjson-mixed', '3 lines of the input were not JSON'],
  ])('%s', (name, title) => expect(stream('stream-quality', name)).toContain(title));
  test('a panic is no fault of the stream', () => expect(stream('stream-quality', 'panics')).toEqual([]));
});

test('goexit is silent on a panic with a value', () => expect(stream('goexit', 'panics')).toEqual([]));

test('deadlock fires where the runtime found one, and not where -timeout ended the wait', () => {
  const [finding] = found('deadlock', streamFacts('streams/deadlock-notimeout.jsonl'));
  expect(finding?.title).toBe('TestDead ended in a deadlock');
  expect(finding?.detail).toContain('[chan receive] in deadlock.TestDead (x_test.go:3)');
  expect(stream('deadlock', 'hang-timeout')).toEqual([]);
});
