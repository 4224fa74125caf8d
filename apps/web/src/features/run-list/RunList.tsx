import { formatNs, plural } from '@observe/base';
import type { RunSummary } from '@observe/protocol';
import { useEffect, useState, type MouseEvent, type ReactNode } from 'react';
import { useApp } from '../../app-context.ts';
import { useRunStore } from '../../state/run-store.ts';
import { ConnectionNote } from '../../ui/ConnectionNote.tsx';
import { CountList, totalOf } from '../../ui/CountList.tsx';
import { VerdictIcon, toneOf } from '../../ui/icons.tsx';
import { Message } from '../../ui/Message.tsx';
import { ThemeButton } from '../../ui/ThemeButton.tsx';
import { agoText } from '../../ui/time.ts';
import { VERDICT_WORDS } from '../../ui/words.ts';
import './run-list.css';

/** All runs of the collector: live first, then the newest. */
export function RunList(): ReactNode {
  const runs = useRunStore((s) => s.runs);
  const connection = useRunStore((s) => s.connection);
  useEffect(() => {
    document.title = 'Runs · observe';
  }, []);
  return (
    <main className="run-list-page">
      <header className="run-list-header">
        <h1>observe</h1>
        <span className="faint">{runs === undefined ? '' : plural(runs.length, 'run')}</span>
        <span className="spacer" />
        <ConnectionNote />
        <ThemeButton />
      </header>
      <div className="scroll run-list-scroll">
        {runs !== undefined && runs.length > 0 && <RunTable runs={runs} />}
        {runs?.length === 0 && <NoRuns />}
        {runs === undefined && connection.kind !== 'lost' && <Message title="Looking for runs …" />}
      </div>
    </main>
  );
}

function RunTable({ runs }: { runs: readonly RunSummary[] }): ReactNode {
  const now = useNow();
  return (
    <table className="run-table">
      <thead>
        <tr>
          <th scope="col">Verdict</th>
          <th scope="col">Run</th>
          <th scope="col">Tests</th>
          <th scope="col" className="number">
            Packages
          </th>
          <th scope="col" className="number">
            Elapsed
          </th>
          <th scope="col">Branch</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, now }: { run: RunSummary; now: Date }): ReactNode {
  const { link, address } = useApp();
  const open = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    link.open(run.id);
  };
  const isLive = run.verdict === 'running';
  const startedAt = new Date(run.startedAt);
  return (
    <tr className={isLive ? 'is-live' : undefined} onClick={open}>
      <td className={`verdict tone-${toneOf(run.verdict)}`}>
        <VerdictIcon verdict={run.verdict} />
        {VERDICT_WORDS[run.verdict]}
      </td>
      <td className="name">
        <a href={address.href({ runId: run.id, view: '' })} onClick={open}>
          {run.name}
        </a>
        <span className="faint">{run.module !== undefined && run.module !== run.name ? ` ${run.module}` : ''}</span>
        {run.importedFrom !== undefined && <span className="tag">imported</span>}
      </td>
      <td>{totalOf(run.counts) === 0 ? <span className="faint">none</span> : <CountList counts={run.counts} />}</td>
      <td className="number">
        {run.failedPackages > 0 && <span className="tone-fail">{run.failedPackages} of </span>}
        {run.packages}
      </td>
      <td className="number">
        {formatNs(isLive ? (now.getTime() - startedAt.getTime()) * 1e6 : (run.elapsedNs ?? undefined))}
      </td>
      <td className="ellipsis branch" title={run.gitRevision}>
        {run.gitBranch ?? ''}
        {run.isGitDirty === true && <span title="with uncommitted changes"> *</span>}
      </td>
      <td className="muted when" title={startedAt.toLocaleString()}>
        {agoText(startedAt, now)}
      </td>
    </tr>
  );
}

/** The empty state is the first page a new user sees: it says the two commands to begin with. */
const NoRuns = (): ReactNode => (
  <Message title="No runs yet">
    <p>In any Go module, pipe a test run into observe:</p>
    <pre>go test -json ./... | observe</pre>
    <p>or look at one that was saved:</p>
    <pre>observe import test-output.jsonl</pre>
    <p className="faint">It appears here while it runs.</p>
  </Message>
);

/** The wall clock, once a second. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
