import { formatNs, ns, plural, rowAt } from '@observe/base';
import { qualityOf } from '@observe/query';
import type { RunState, TestState } from '@observe/run';
import { memo, useMemo, type ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { selectionOf, type NodeRef } from '../../state/selection.ts';
import { useArtifacts } from '../../state/artifacts.ts';
import { commonPrefix, shortPackage } from '../../state/names.ts';
import { useNowNs } from '../../state/use-now.ts';
import { useSlowRun } from '../../state/use-slow-run.ts';
import { select, setTab } from '../../state/view-store.ts';
import { ArtifactList } from '../../ui/ArtifactList.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { OutcomeIcon, WarnIcon } from '../../ui/icons.tsx';
import { PHASE_WORDS } from '../../ui/words.ts';
import { digestOf, type Digest } from './digest.ts';
import './run-summary.css';

/** What the detail pane tells while nothing is chosen: the run itself, what went wrong first. */
export const RunSummary = memo(function RunSummary(): ReactNode {
  const run = useSlowRun();
  const digest = useMemo(() => (run === undefined ? undefined : digestOf(run)), [run]);
  if (run === undefined || digest === undefined) return null;
  const { builds, crashed, failedAlone, failed, failedCount, running, slowest } = digest;
  const notes = qualityOf(run);
  const prefix = commonPrefix(run);
  const hasTrouble = builds.length + crashed.length + failedAlone.length + failedCount > 0;
  return (
    <div className="run-summary scroll" tabIndex={0} role="region" aria-label="The run">
      <div className="run-trouble">
        {running.length > 0 && (
          <section>
            <h3>Running now, the oldest first</h3>
            <ul>
              {running.slice(0, 12).map((test) => (
                <TestItem key={test.row} run={run} prefix={prefix} test={test} took={<Age startNs={test.startNs} />} />
              ))}
            </ul>
          </section>
        )}
        {hasTrouble && (
          <section>
            <h3>What went wrong</h3>
            <ul>
              {builds.map((build) => (
                <Item
                  key={`b${build.row}`}
                  run={run}
                  node={{ kind: 'build', row: build.row }}
                  icon={<OutcomeIcon outcome="fail" />}
                >
                  <b>{build.kind === 'vet' ? 'Vet' : build.kind === 'setup' ? 'Setup' : 'Build'} failed</b>{' '}
                  <code>{build.importPath}</code>{' '}
                  <span className="muted">broke {plural(build.packages.length, 'package')}</span>
                </Item>
              ))}
              {crashed.map((pkg) => (
                <Item
                  key={`c${pkg.row}`}
                  run={run}
                  node={{ kind: 'package', row: pkg.row }}
                  tab="dumps"
                  icon={<OutcomeIcon outcome="fail" />}
                >
                  <b>{shortPackage(pkg.name, prefix)}</b> <code>{pkg.crash?.text}</code>{' '}
                  <span className="muted">{lossOf(pkg.counts.lost, pkg.counts.neverStarted)}</span>
                </Item>
              ))}
              {failedAlone.map((pkg) => (
                <Item
                  key={`p${pkg.row}`}
                  run={run}
                  node={{ kind: 'package', row: pkg.row }}
                  icon={<OutcomeIcon outcome="fail" />}
                >
                  <b>{shortPackage(pkg.name, prefix)}</b>{' '}
                  <span className="muted">
                    failed without a failed test {lossOf(pkg.counts.lost, pkg.counts.neverStarted)}
                  </span>
                </Item>
              ))}
              {failed.map((test) => (
                <TestItem key={test.row} run={run} prefix={prefix} test={test} />
              ))}
            </ul>
            {failedCount > failed.length && (
              <p className="faint">and {plural(failedCount - failed.length, 'more failed test')}: see the tree</p>
            )}
          </section>
        )}
        {!hasTrouble && run.end !== undefined && (
          <p className="all-well muted">Nothing failed, and nothing was lost.</p>
        )}
        {!hasTrouble && <Slowest run={run} prefix={prefix} slowest={slowest} />}
      </div>
      <div className="run-rest">
        {hasTrouble && <Slowest run={run} prefix={prefix} slowest={slowest} />}
        {notes.length > 0 && (
          <section>
            <h3>About the stream</h3>
            <ul>
              {notes.map((note) => (
                <li key={note.id} className="note-item">
                  <WarnIcon />
                  <span>{note.detail}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Unplaced />
        <HostFacts />
      </div>
    </div>
  );
});

function Slowest({ run, prefix, slowest }: { run: RunState; prefix: string; slowest: Digest['slowest'] }): ReactNode {
  if (slowest.length === 0) return null;
  return (
    <section>
      <h3>Slowest</h3>
      <ul>
        {slowest.map(({ test, tookNs }) => (
          <TestItem key={test.row} run={run} prefix={prefix} test={test} took={formatNs(ns(tookNs))} />
        ))}
      </ul>
    </section>
  );
}

function lossOf(lost: number, neverStarted: number): string {
  const parts = [lost > 0 ? `${lost} lost` : '', neverStarted > 0 ? `${neverStarted} never started` : ''].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function TestItem({
  run,
  prefix,
  test,
  took,
}: {
  run: RunState;
  prefix: string;
  test: TestState;
  took?: ReactNode;
}): ReactNode {
  const pkg = rowAt(run.packages, test.package)?.name ?? '';
  return (
    <Item run={run} node={{ kind: 'test', row: test.row }} icon={<OutcomeIcon outcome={test.outcome} />}>
      {took !== undefined && <span className="took">{took}</span>}
      <span className="item-name">{test.name}</span> <span className="faint">{shortPackage(pkg, prefix)}</span>
      {test.phase !== undefined && test.phase !== 'running' && (
        <span className="muted"> {PHASE_WORDS[test.phase].word}</span>
      )}
    </Item>
  );
}

function Age({ startNs }: { startNs: number | undefined }): ReactNode {
  const nowNs = useNowNs();
  return startNs === undefined ? '–' : formatNs(ns(Math.max(0, nowNs - startNs)));
}

function Item({
  run,
  node,
  icon,
  tab = 'output',
  children,
}: {
  run: RunState;
  node: NodeRef;
  icon: ReactNode;
  tab?: 'output' | 'dumps';
  children: ReactNode;
}): ReactNode {
  return (
    <li>
      <button
        type="button"
        className="item"
        onClick={() => {
          select(selectionOf(run, node), { reveal: true });
          setTab(tab);
        }}
      >
        {icon}
        <span className="ellipsis">{children}</span>
      </button>
    </li>
  );
}

/** Files that nobody could give to a package. */
function Unplaced(): ReactNode {
  const artifacts = useArtifacts(undefined);
  if (artifacts.length === 0) return null;
  return (
    <section>
      <h3>Files without a package</h3>
      <ArtifactList artifacts={artifacts} />
    </section>
  );
}

function HostFacts(): ReactNode {
  const host = useRunStore((s) => s.run?.host);
  const summary = useRunStore((s) => s.summary);
  if (summary === undefined) return null;
  const revision = host?.gitRevision?.slice(0, 10);
  return (
    <section>
      <h3>The run</h3>
      <FactList
        facts={[
          ['Command', host?.args === undefined ? undefined : <code>{host.args.join(' ')}</code>],
          ['Started', new Date(summary.startedAt).toLocaleString()],
          ['Go', host?.goVersion],
          ['Module', host?.module],
          [
            'Revision',
            revision === undefined ? undefined : `${revision}${host?.isGitDirty === true ? ' with changes' : ''}`,
          ],
          ['Branch', host?.gitBranch],
          [
            'Machine',
            host?.hostname === undefined
              ? undefined
              : `${host.hostname}${host.cpus === undefined ? '' : `, ${plural(host.cpus, 'CPU')}`}`,
          ],
          ['Directory', host?.directory],
          ['Imported from', host?.importedFrom],
          ['Id', <code key="id">{summary.id}</code>],
        ]}
      />
    </section>
  );
}
