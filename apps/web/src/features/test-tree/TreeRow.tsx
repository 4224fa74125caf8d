import { formatNs, ns, rowAt } from '@observe/base';
import type { TestOutcome } from '@observe/protocol';
import { NONE, wallNsOf } from '@observe/run';
import { memo, type ReactNode } from 'react';
import { shortPackage, shortTest } from '../../state/names.ts';
import { useNowNs } from '../../state/use-now.ts';
import { useRunStore } from '../../state/run-store.ts';
import { selectionOf, type NodeKind, type NodeRef } from '../../state/selection.ts';
import { packageNs } from '../../state/tree.ts';
import { select, setExpanded } from '../../state/view-store.ts';
import { Chevron, OutcomeIcon } from '../../ui/icons.tsx';
import { OUTCOME_WORDS } from '../../ui/words.ts';

interface Props {
  readonly kind: NodeKind;
  readonly row: number;
  readonly index: number;
  readonly topPx: number;
  readonly depth: number;
  readonly isExpandable: boolean;
  readonly isExpanded: boolean;
  readonly isSelected: boolean;
  readonly prefix: string;
}

/** One row. It subscribes to its own package, test or build, so that news of another do not touch it. */
export const TreeRow = memo(function TreeRow(props: Props): ReactNode {
  const { kind, row, index, topPx, depth, isExpandable, isExpanded, isSelected } = props;
  const node: NodeRef = { kind, row };
  const choose = (): void => {
    const { run } = useRunStore.getState();
    if (run !== undefined) select(selectionOf(run, node));
  };
  return (
    <div
      id={`row-${index}`}
      className={isSelected ? 'tree-row is-selected' : 'tree-row'}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isSelected}
      aria-expanded={isExpandable ? isExpanded : undefined}
      style={{ top: topPx, paddingLeft: 6 + depth * 14 }}
      onClick={choose}
      onDoubleClick={() => isExpandable && setExpanded(node, !isExpanded)}
    >
      <span
        className="twisty"
        onClick={(event) => {
          if (!isExpandable) return;
          event.stopPropagation();
          setExpanded(node, !isExpanded);
        }}
      >
        {isExpandable && <Chevron isOpen={isExpanded} />}
      </span>
      {kind === 'test' && <TestCells row={row} />}
      {kind === 'package' && <PackageCells row={row} prefix={props.prefix} />}
      {kind === 'build' && <BuildCells row={row} />}
    </div>
  );
});

function TestCells({ row }: { row: number }): ReactNode {
  const test = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.tests, row)));
  const parent = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.tests, test?.parent ?? NONE)?.name));
  if (test === undefined) return null;
  const { name, outcome, occurrence, repaired } = test;
  return (
    <>
      <OutcomeIcon outcome={outcome} />
      <span className={`name ellipsis${outcome === 'fail' ? ' is-bad' : ''}`} title={name}>
        {shortTest(name, parent)}
        {occurrence > 1 && <span className="occurrence"> ×{occurrence}</span>}
      </span>
      <Word outcome={outcome} />
      {test.more?.hasRace === true && <span className="badge tone-fail">race</span>}
      {repaired.includes('wrong-pass') && <span className="badge tone-lost">repaired</span>}
      {outcome === 'running' ? <Age row={row} /> : <Duration row={row} />}
    </>
  );
}

/** The outcome for those who do not see the icon. */
const Word = ({ outcome }: { outcome: TestOutcome }): ReactNode => (
  <span className="sr-only"> {OUTCOME_WORDS[outcome]}</span>
);

function Duration({ row }: { row: number }): ReactNode {
  const text = useRunStore((s) => {
    const test = s.run === undefined ? undefined : rowAt(s.run.tests, row);
    if (s.run === undefined || test === undefined || test.outcome === 'never-started') return '–';
    const wallNs = wallNsOf(s.run, test);
    return test.outcome === 'lost' && wallNs !== undefined ? `≥ ${formatNs(wallNs)}` : formatNs(wallNs);
  });
  return <span className="duration">{text}</span>;
}

/** How long a running test has been running, as time goes by. */
function Age({ row }: { row: number }): ReactNode {
  const nowNs = useNowNs();
  const startNs = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.tests, row)?.startNs));
  return (
    <span className="duration tone-running">
      {startNs === undefined ? '–' : formatNs(Math.max(0, nowNs - startNs))}
    </span>
  );
}

function PackageCells({ row, prefix }: { row: number; prefix: string }): ReactNode {
  const pkg = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.packages, row)));
  if (pkg === undefined) return null;
  const { outcome, counts, name } = pkg;
  const note = packageNote(pkg);
  const bad = counts.fail;
  const gone = counts.lost + counts.neverStarted;
  return (
    <>
      <OutcomeIcon outcome={outcome} />
      <span className={`name package ellipsis${outcome === 'fail' ? ' is-bad' : ''}`} title={name}>
        {shortPackage(name, prefix)}
        {note !== undefined && <span className="note"> {note}</span>}
      </span>
      <Word outcome={outcome} />
      {bad > 0 && (
        <span className="badge tone-fail" title={`${bad} failed`}>
          {bad} ✕
        </span>
      )}
      {gone > 0 && (
        <span className="badge tone-lost" title={`${gone} lost or never started`}>
          {gone} ◌
        </span>
      )}
      <span className="total" title={pkg.testCount === 0 ? undefined : 'Tests'}>
        {pkg.testCount === 0 ? '' : pkg.testCount.toLocaleString('en-US')}
      </span>
      <PackageDuration row={row} />
    </>
  );
}

function packageNote(pkg: {
  isCached: boolean;
  failedBuildPath: string | undefined;
  failedBuild: number;
  emptiness: string | undefined;
}): string | undefined {
  if (pkg.failedBuild !== NONE || pkg.failedBuildPath !== undefined) return 'build failed';
  if (pkg.isCached) return 'cached';
  return pkg.emptiness?.replaceAll('-', ' ');
}

function PackageDuration({ row }: { row: number }): ReactNode {
  const isRunning = useRunStore((s) => s.run !== undefined && rowAt(s.run.packages, row)?.outcome === 'running');
  return isRunning ? <PackageAge row={row} /> : <PackageElapsed row={row} />;
}

function PackageElapsed({ row }: { row: number }): ReactNode {
  const text = useRunStore((s) => {
    const pkg = s.run === undefined ? undefined : rowAt(s.run.packages, row);
    if (s.run === undefined || pkg === undefined || pkg.isCached || pkg.emptiness === 'no-test-files') return '';
    const tookNs = packageNs(s.run, pkg);
    return tookNs < 0 ? '–' : formatNs(ns(tookNs));
  });
  return <span className="duration">{text}</span>;
}

function PackageAge({ row }: { row: number }): ReactNode {
  const nowNs = useNowNs();
  const startNs = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.packages, row)?.startNs));
  return (
    <span className="duration tone-running">
      {startNs === undefined ? '–' : formatNs(Math.max(0, nowNs - startNs))}
    </span>
  );
}

function BuildCells({ row }: { row: number }): ReactNode {
  const build = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.builds, row)));
  if (build === undefined) return null;
  return (
    <>
      <OutcomeIcon outcome="fail" />
      <span className="name package ellipsis is-bad" title={build.importPath}>
        {BUILD_WORDS[build.kind]} <span className="note">{build.importPath}</span>
      </span>
      <span className="badge tone-fail">
        {build.packages.length === 1 ? '1 package' : `${build.packages.length} packages`}
      </span>
    </>
  );
}

const BUILD_WORDS = {
  compile: 'Build failed',
  vet: 'Vet failed',
  setup: 'Setup failed',
  text: 'Build failed',
} as const;
