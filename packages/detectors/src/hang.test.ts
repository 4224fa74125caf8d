import { runNsOf } from '@observe/run';
import { recordingText } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { factsOf, found, GO_VERSIONS, shop, std, STD, tracedFacts } from '../test/facts.ts';
import { runDetectors, type KnownFacts } from './index.ts';

/** The run until just before `-timeout` ended it, so long after the trace's last event. */
function live(version: string, afterNs: number): KnownFacts {
  const lines = recordingText(`shop/go${version}/run.jsonl`).split('\n');
  const died = lines.findIndex((line) => line.includes('panic: test timed out'));
  const before = lines.slice(0, died).join('\n') + '\n';
  const facts = tracedFacts(factsOf(before, null), [[`shop/go${version}/auth.trace`, '/auth']]);
  const [auth] = facts.traces ?? [];
  if (auth === undefined) throw new Error('no trace');
  return { ...facts, nowNs: (runNsOf(auth.alignment, auth.trace.extent.endNs) ?? 0) + afterNs };
}

describe.each(GO_VERSIONS)('shop, Go %s', (version) => {
  test('fires on TestSessionDeadlock while it hangs, and tells where each goroutine stands', () => {
    const [finding, ...rest] = found('hang', live(version, 1e9));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning', confidence: 'possible' });
    expect(finding?.title).toMatch(/^TestSessionDeadlock has not moved for 5\.\d+s$/);
    expect(finding?.detail).toMatch(/sync in auth\.TestSessionDeadlock\.func1 \(auth_test\.go:35\)/);
  });
  test('is silent before five seconds', () => expect(found('hang', live(version, -3e9))).toEqual([]));
  test('is silent once the run is over', () => expect(found('hang', { ...shop(version), nowNs: 100e9 })).toEqual([]));
});

test.each(STD)('is silent on std %s', (name) => expect(found('hang', { ...std(name), nowNs: 100e9 })).toEqual([]));

test('is skipped where the time is not known', () => {
  expect(runDetectors(std('io')).find(({ detector }) => detector === 'hang')?.outcome).toBe('skipped');
});
