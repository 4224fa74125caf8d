import { detectorOutcome } from '@observe/protocol';
import { emptyRun } from '@observe/run';
import { expect, test } from 'vitest';
import { GO_VERSIONS, shop, streamFacts } from '../test/facts.ts';
import { defineDetector, DETECTORS, runDetectors } from './index.ts';

const words = { title: 'title', detail: 'detail', next: 'next' };
const claim = { severity: 'info', confidence: 'likely', words, tests: [], site: '', evidence: [] } as const;

test('one that fails says so in its own place, and the others run', () => {
  const broken = defineDetector({
    id: 'broken',
    needs: ['run'],
    detect: () => {
      throw new Error('oh');
    },
  });
  const sound = defineDetector({ id: 'sound', needs: ['run'], detect: () => [claim] });
  expect(runDetectors({ run: emptyRun() }, [broken, sound])).toMatchObject([
    { detector: 'broken', outcome: 'failed', why: 'Error: oh', findings: [] },
    { detector: 'sound', outcome: 'ran', findings: [{ title: 'title' }] },
  ]);
});

test('one that lacks a fact says which, and how to get it', () => {
  const needy = defineDetector({ id: 'needy', needs: ['run', 'traces'], detect: () => [claim] });
  const [outcome] = runDetectors({ run: emptyRun(), traces: [] }, [needy]);
  expect(outcome).toMatchObject({ outcome: 'skipped', findings: [] });
  expect(outcome?.why).toContain('`observe test`');
});

test('the same claim has the same id in another run, and no two of one run share one', () => {
  const twice = defineDetector({ id: 'twice', needs: ['run'], detect: () => [claim, claim] });
  const ids = runDetectors({ run: emptyRun() }, [twice])[0]?.findings.map(({ id }) => id);
  expect(ids).toEqual(runDetectors({ run: emptyRun() }, [twice])[0]?.findings.map(({ id }) => id));
  expect(new Set(ids).size).toBe(2);
  const of = (version: string): (string | undefined)[] =>
    runDetectors(shop(version))
      .filter(({ detector }) => detector === 'timeout')
      .flatMap(({ findings }) => findings.map(({ id }) => id));
  expect(of('1.22')).toEqual(of('1.27'));
});

test.each([...GO_VERSIONS.map((version) => () => shop(version)), () => streamFacts('streams/race.jsonl')])(
  'what they say has the shape of the protocol',
  (facts) => {
    const outcomes = runDetectors(facts());
    expect(outcomes.map(({ detector }) => detector)).toEqual(DETECTORS.map(({ id }) => id));
    for (const outcome of outcomes) expect(detectorOutcome.parse(outcome)).toEqual(outcome);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  },
);
