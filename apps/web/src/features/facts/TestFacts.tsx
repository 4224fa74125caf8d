import { epochMsOf, formatNs, ns, rowAt, wallAfter, type Ns } from '@observe/base';
import { activeNsOf, NONE, pausedNsOf, wallNsOf, type RunState, type TestState } from '@observe/run';
import type { ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { useNowNs } from '../../state/use-now.ts';
import { FactList, type Fact } from '../../ui/FactList.tsx';
import { lostWords, OUTCOME_WORDS, PHASE_WORDS } from '../../ui/words.ts';
import { Repairs } from './Repairs.tsx';
import './facts.css';

/** All that is known of one execution of a test. */
export function TestFacts({ row }: { row: number }): ReactNode {
  const test = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.tests, row)));
  const run = useRunStore((s) => s.run);
  const nowNs = useNowNs();
  if (run === undefined || test === undefined) return null;
  const { more } = test;
  return (
    <div className="facts-pane scroll" tabIndex={0} role="region" aria-label="Facts">
      <FactList facts={factsOf(run, test, ns(nowNs))} />
      {more !== undefined && more.attributes.length > 0 && (
        <section>
          <h3>Attributes</h3>
          <FactList
            facts={more.attributes.map(
              ([key, value]) => [key, <code key="v">{value === '' ? '(empty)' : value}</code>] as const,
            )}
          />
        </section>
      )}
      <Repairs ids={test.repaired} />
    </div>
  );
}

/** A report that comes later than this was held back by Go; below, it is the pipe. */
const WORTH_TELLING_NS = 1e6;

function factsOf(run: RunState, test: TestState, nowNs: Ns): Fact[] {
  const pkg = rowAt(run.packages, test.package);
  const isRunning = test.phase !== undefined;
  const atNs = isRunning ? nowNs : undefined;
  const gapNs = test.reportedNs !== undefined && test.endNs !== undefined ? test.reportedNs - test.endNs : 0;
  const lateNs = gapNs >= WORTH_TELLING_NS ? gapNs : 0;
  const parent = rowAt(run.tests, test.parent)?.name;
  return [
    ['Package', <code key="v">{pkg?.name}</code>],
    ['Test', <code key="v">{test.name}</code>],
    [
      'Occurrence',
      isRepeated(run, test) ? test.occurrence : undefined,
      'of this name in this run (-count, -cpu, or a repeated name)',
    ],
    ['Kind', test.kind === 'test' ? undefined : test.kind],
    ['Outcome', OUTCOME_WORDS[test.outcome]],
    [
      'Why',
      test.lost === undefined ? undefined : (
        <>
          {lostWords(test.lost)} {test.lost.text !== '' && <code>{test.lost.text}</code>}
        </>
      ),
    ],
    [
      'Phase',
      test.phase === undefined ? undefined : `${PHASE_WORDS[test.phase].word}: ${PHASE_WORDS[test.phase].what}`,
    ],
    ['Started', momentOf(run, test.startNs)],
    ['Ended', momentOf(run, test.endNs), test.endNs === undefined ? undefined : 'the moment of its result line'],
    [
      'Reported',
      lateNs > 0 ? momentOf(run, test.reportedNs) : undefined,
      lateNs > 0 ? `${formatNs(ns(lateNs))} after it had ended: Go reports parallel tests late` : undefined,
    ],
    [
      'Closed',
      momentOf(run, test.closedNs),
      test.closedNs === undefined ? undefined : 'with its package; its own end is not known',
    ],
    ['Wall time', orNone(wallNsOf(run, test, atNs)), pkg?.isCached === true ? 'of the run that was cached' : undefined],
    ['Active', orNone(activeNsOf(run, test, atNs)), 'wall time less pauses'],
    [
      'Paused',
      pausedNsOf(test, atNs) > 0 ? formatNs(pausedNsOf(test, atNs)) : undefined,
      'in t.Parallel: for serial siblings, then for a slot',
    ],
    [
      'Elapsed',
      test.elapsedNs === undefined ? undefined : formatNs(test.elapsedNs),
      'as Go says, in steps of 10 ms, without pauses',
    ],
    ['Subtests', test.children === 0 ? undefined : test.children.toLocaleString('en-US')],
    ['Subtest of', parent === undefined ? undefined : <code key="v">{parent}</code>],
    ['Benchmark', test.more?.benchmark === undefined ? undefined : <code key="v">{test.more.benchmark}</code>],
    ['Race', test.more?.hasRace === true ? 'a data race was detected during it' : undefined],
    [
      'Artifacts',
      test.more?.artifactDir === undefined ? undefined : <code key="v">{test.more.artifactDir}</code>,
      'on the machine that ran the test',
    ],
    ['Output', test.output.lines === 0 ? undefined : `${test.output.lines.toLocaleString('en-US')} lines`],
  ];
}

const orNone = (value: Ns | undefined): string | undefined => (value === undefined ? undefined : formatNs(value));

const isRepeated = (run: RunState, test: TestState): boolean => {
  if (test.occurrence > 1) return true;
  const pkg = rowAt(run.packages, test.package);
  for (let i = 0; i < (pkg?.testCount ?? 0); i++) {
    const other = rowAt(run.tests, pkg?.tests[i] ?? NONE);
    if (other?.name === test.name && other.occurrence > 1) return true;
  }
  return false;
};

/** `1.25s` since the run began, and the time of day. */
export function momentOf(run: RunState, atNs: Ns | undefined): ReactNode {
  if (atNs === undefined) return undefined;
  const wall = run.origin === undefined ? undefined : new Date(epochMsOf(wallAfter(run.origin, atNs)));
  return (
    <>
      {formatNs(atNs)}
      {wall !== undefined && (
        <span className="faint">
          {' '}
          at {wall.toTimeString().slice(0, 8)}.{String(wall.getMilliseconds()).padStart(3, '0')}
        </span>
      )}
    </>
  );
}
