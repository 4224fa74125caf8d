import { plural, rowAt } from '@observe/base';
import type { PackageState, RunState, TestState } from '@observe/run';
import { memo, useState, type ReactNode } from 'react';
import { Dumps } from '../features/dumps/Dumps.tsx';
import { Goroutines } from '../features/goroutines/Goroutines.tsx';
import { PackageFacts } from '../features/facts/PackageFacts.tsx';
import { TestFacts } from '../features/facts/TestFacts.tsx';
import { Output } from '../features/output/Output.tsx';
import { RunSummary } from '../features/run-summary/RunSummary.tsx';
import { TracesHint } from '../features/run-summary/TracesHint.tsx';
import { useRunStore } from '../state/run-store.ts';
import { findNode, type NodeRef } from '../state/selection.ts';
import { useHasTraces } from '../state/traces.ts';
import { clearSelection, select, setDetailOpen, setTab, useView } from '../state/view-store.ts';
import type { Tab } from '../state/view-url.ts';
import { CloseIcon, OutcomeIcon } from '../ui/icons.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { OUTCOME_WORDS } from '../ui/words.ts';

/** The words about the selection; without one, about the run. */
export const DetailPane = memo(function DetailPane(): ReactNode {
  const selection = useView((s) => s.selection);
  const run = useRunStore((s) => s.run);
  const node = run === undefined ? undefined : findNode(run, selection);
  if (run === undefined) return null;
  return (
    <section className="detail" aria-label="Details">
      {node === undefined && selection.kind !== 'run' && <Missing />}
      {node === undefined && selection.kind === 'run' && <RunDetail />}
      {node?.kind === 'test' && <TestDetail key={node.row} run={run} row={node.row} />}
      {node?.kind === 'package' && <PackageDetail key={node.row} run={run} row={node.row} />}
      {node?.kind === 'build' && <BuildDetail key={node.row} run={run} node={node} />}
    </section>
  );
});

function RunDetail(): ReactNode {
  const strays = useRunStore((s) => s.run?.quality.strayOutput.lines ?? 0);
  const [showsStrays, showStrays] = useState(false);
  const hasTraces = useHasTraces();
  return (
    <>
      <div className="detail-bar">
        <h2>The run</h2>
        {strays > 0 && (
          <Tabs
            label="About the run"
            items={[
              { id: 'summary', label: 'Summary' },
              { id: 'strays', label: 'Lines that were not JSON', count: strays },
            ]}
            chosen={showsStrays ? 'strays' : 'summary'}
            onChoose={(id) => showStrays(id === 'strays')}
          />
        )}
        <span className="spacer" />
        {!hasTraces && <TracesHint />}
        <HideButton />
      </div>
      <div className="panel" id="panel" role="tabpanel">
        {showsStrays ? (
          <Output of={{ kind: 'strays' }} baseNs={undefined} isGrowing={false} empty="" />
        ) : (
          <RunSummary />
        )}
      </div>
    </>
  );
}

function TestDetail({ run, row }: { run: RunState; row: number }): ReactNode {
  const tab = useView((s) => s.tab);
  const hasTraces = useHasTraces();
  const test = rowAt(run.tests, row);
  const pkg = rowAt(run.packages, test?.package ?? -1);
  if (test === undefined || pkg === undefined) return null;
  return (
    <>
      <div className="detail-bar">
        <Title
          icon={<OutcomeIcon outcome={test.outcome} />}
          name={test.name}
          word={OUTCOME_WORDS[test.outcome]}
          tone={test.outcome}
        />
        <Tabs
          label="About the test"
          items={tabsOf(test.output.lines, dumpsOf(pkg), hasTraces || tab === 'goroutines')}
          chosen={tab}
          onChoose={setTab}
        />
        <span className="spacer" />
        <HideButton />
      </div>
      <div className="panel" id="panel" role="tabpanel">
        {tab === 'output' && (
          <Output
            of={{ kind: 'test', row }}
            baseNs={test.startNs}
            isGrowing={test.phase !== undefined}
            empty={emptyWords(test, pkg)}
          />
        )}
        {tab === 'goroutines' && <Goroutines of={{ kind: 'test', row }} />}
        {tab === 'dumps' && <Dumps packageRow={pkg.row} test={test.name} />}
        {tab === 'facts' && <TestFacts row={row} />}
      </div>
    </>
  );
}

function PackageDetail({ run, row }: { run: RunState; row: number }): ReactNode {
  const tab = useView((s) => s.tab);
  const hasTraces = useHasTraces();
  const [isProcess, setProcess] = useState(false);
  const pkg = rowAt(run.packages, row);
  if (pkg === undefined) return null;
  const hasProcess = pkg.processOutput.lines > 0;
  return (
    <>
      <div className="detail-bar">
        <Title
          icon={<OutcomeIcon outcome={pkg.outcome} />}
          name={pkg.name}
          word={OUTCOME_WORDS[pkg.outcome]}
          tone={pkg.outcome}
        />
        <Tabs
          label="About the package"
          items={tabsOf(pkg.output.lines + pkg.processOutput.lines, dumpsOf(pkg), hasTraces || tab === 'goroutines')}
          chosen={tab}
          onChoose={setTab}
        />
        {tab === 'output' && hasProcess && (
          <span className="segmented" role="group" aria-label="Whose lines">
            <button type="button" className="button" aria-pressed={!isProcess} onClick={() => setProcess(false)}>
              Its own
            </button>
            <button type="button" className="button" aria-pressed={isProcess} onClick={() => setProcess(true)}>
              Panics, dumps, races
            </button>
          </span>
        )}
        <span className="spacer" />
        <HideButton />
      </div>
      <div className="panel" id="panel" role="tabpanel">
        {tab === 'output' && (
          <Output
            key={String(isProcess)}
            of={{ kind: isProcess && hasProcess ? 'process' : 'package', row }}
            baseNs={undefined}
            isGrowing={pkg.outcome === 'running'}
            empty="The package itself printed nothing: its tests’ lines are with them."
          />
        )}
        {tab === 'goroutines' && <Goroutines of={{ kind: 'package', row }} />}
        {tab === 'dumps' && <Dumps packageRow={row} test={undefined} />}
        {tab === 'facts' && <PackageFacts row={row} />}
      </div>
    </>
  );
}

/** One broken build is one card, however many packages it broke. */
function BuildDetail({ run, node }: { run: RunState; node: NodeRef }): ReactNode {
  const build = rowAt(run.builds, node.row);
  if (build === undefined) return null;
  const what = {
    compile: 'It does not compile.',
    vet: 'go vet refuses it.',
    setup: 'It cannot be loaded.',
    text: 'It was not built.',
  }[build.kind];
  return (
    <>
      <div className="detail-bar">
        <Title icon={<OutcomeIcon outcome="fail" />} name={build.importPath} word="build failed" tone="fail" />
        <span className="muted">{what}</span>
        <span className="spacer" />
        <HideButton />
      </div>
      <div className="panel build-panel" id="panel">
        <div className="build-packages">
          <span className="muted">{plural(build.packages.length, 'package was', 'packages were')} not run for it:</span>
          {build.packages.map((row) => {
            const name = rowAt(run.packages, row)?.name ?? '';
            return (
              <button
                key={row}
                type="button"
                className="link"
                onClick={() => select({ kind: 'package', package: name }, { reveal: true })}
              >
                {name}
              </button>
            );
          })}
        </div>
        <Output
          of={{ kind: 'build', row: node.row }}
          baseNs={undefined}
          isGrowing={false}
          empty="The build said nothing."
        />
      </div>
    </>
  );
}

const Missing = (): ReactNode => (
  <div className="detail-bar">
    <span className="muted">The link speaks of something that this run does not have.</span>
    <button type="button" className="link" onClick={clearSelection}>
      Show the run
    </button>
  </div>
);

const Title = ({
  icon,
  name,
  word,
  tone,
}: {
  icon: ReactNode;
  name: string;
  word: string;
  tone: string;
}): ReactNode => (
  <h2 className="detail-title" title={name}>
    {icon}
    <span className="ellipsis">{name}</span>
    <span className={`tone-${tone}`}>{word}</span>
  </h2>
);

const HideButton = (): ReactNode => (
  <button
    type="button"
    className="icon-button"
    title="Hide this pane"
    aria-label="Hide this pane"
    onClick={() => setDetailOpen(false)}
  >
    <CloseIcon />
  </button>
);

const tabsOf = (
  lines: number,
  dumps: number,
  hasGoroutines: boolean,
): readonly { id: Tab; label: string; count?: number }[] => [
  { id: 'output', label: 'Output', count: lines },
  ...(hasGoroutines ? [{ id: 'goroutines', label: 'Goroutines' } as const] : []),
  { id: 'dumps', label: 'Dumps', count: dumps },
  { id: 'facts', label: 'Facts' },
];

const dumpsOf = (pkg: PackageState): number => (pkg.crash === undefined ? 0 : 1) + pkg.races;

function emptyWords(test: TestState, pkg: PackageState): string {
  if (pkg.crash !== undefined && test.lost !== undefined)
    return 'It printed nothing of its own. What its process printed when it died is under Dumps.';
  return test.phase === undefined ? 'It printed nothing.' : 'It has printed nothing yet.';
}
