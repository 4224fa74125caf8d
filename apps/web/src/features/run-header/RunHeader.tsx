import { formatNs, iterateRows, ns, plural } from '@observe/base';
import type { RunState } from '@observe/run';
import { useEffect, useState, type MouseEvent, type ReactNode } from 'react';
import { useApp } from '../../app-context.ts';
import { usePrefs } from '../../state/prefs-store.ts';
import { useRunStore } from '../../state/run-store.ts';
import { useNowNs } from '../../state/use-now.ts';
import { ConnectionNote } from '../../ui/ConnectionNote.tsx';
import { CountList, totalOf } from '../../ui/CountList.tsx';
import { BackIcon, ClockIcon, LinkIcon, VerdictIcon, toneOf } from '../../ui/icons.tsx';
import { ThemeButton } from '../../ui/ThemeButton.tsx';
import { VERDICT_WORDS } from '../../ui/words.ts';
import './run-header.css';

/** What happened, in one line: the verdict first. `children`: further buttons. */
export function RunHeader({ children }: { children?: ReactNode }): ReactNode {
  const { source, link, address } = useApp();
  const summary = useRunStore((s) => s.summary);
  const toList = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    link.open(undefined);
  };
  useEffect(() => {
    if (summary === undefined) return;
    document.title = `${TITLE_SIGNS[summary.verdict]} ${summary.name} · observe`;
  }, [summary]);
  return (
    <header className="run-header">
      {source.kind === 'live' && (
        <a className="back" href={address.href({ runId: undefined, view: '' })} onClick={toList}>
          <BackIcon />
          Runs
        </a>
      )}
      {summary !== undefined && (
        <>
          <h1 className={`verdict tone-${toneOf(summary.verdict)}`}>
            <VerdictIcon verdict={summary.verdict} />
            {VERDICT_WORDS[summary.verdict]}
          </h1>
          <span className="run-name ellipsis" title={summary.module ?? summary.directory}>
            {summary.name}
          </span>
          <span className="muted run-size">
            {plural(totalOf(summary.counts), 'test')} in {plural(summary.packages, 'package')}
          </span>
          <CountList counts={summary.counts} />
        </>
      )}
      <span className="spacer" />
      <ConnectionNote />
      <Countdown />
      <Elapsed />
      <LiveLight />
      {source.kind === 'live' ? <CopyLinkButton /> : <span className="tag">snapshot</span>}
      <ClockButton />
      <ThemeButton />
      {children}
    </header>
  );
}

const TITLE_SIGNS = { passed: '✓', failed: '✕', running: '●', interrupted: '◌', lost: '◌' } as const;

function Elapsed(): ReactNode {
  const isKnown = useRunStore((s) => s.run?.lastNs !== undefined);
  const isTicking = useRunStore((s) => s.clock.isTicking);
  const nowNs = useNowNs();
  const lastNs = useRunStore((s) => s.run?.lastNs);
  if (!isKnown) return null;
  return (
    <span className="elapsed" title="From the first to the last event">
      {formatNs(ns(isTicking ? nowNs : (lastNs ?? nowNs)))}
    </span>
  );
}

/** Whether someone is still writing to this run. */
function LiveLight(): ReactNode {
  const isLive = useRunStore((s) => s.isLive);
  const isRunning = useRunStore((s) => s.summary?.verdict === 'running');
  if (isLive) return <span className="live is-on">live</span>;
  return isRunning ? (
    <span className="live" title="The run has no end, and nobody is writing to it">
      stalled
    </span>
  ) : null;
}

/** Time left until `-timeout` kills the package that has been running longest. */
function Countdown(): ReactNode {
  const timeoutNs = useRunStore((s) => s.run?.host?.timeoutNs);
  const isLive = useRunStore((s) => s.isLive);
  return timeoutNs === undefined || timeoutNs === 0 || !isLive ? null : <TimeLeft timeoutNs={timeoutNs} />;
}

function TimeLeft({ timeoutNs }: { timeoutNs: number }): ReactNode {
  const nowNs = useNowNs();
  const oldestNs = useRunStore((s) => (s.run === undefined ? Infinity : oldestRunning(s.run)));
  if (oldestNs === Infinity) return null;
  const leftNs = Math.max(0, oldestNs + timeoutNs - nowNs);
  const isShort = leftNs < timeoutNs * 0.2;
  return (
    <span
      className={isShort ? 'countdown tone-lost' : 'countdown muted'}
      title="Until -timeout ends the package that has been running longest"
    >
      timeout in {formatNs(ns(Math.ceil(leftNs / 1e9) * 1e9))}
    </span>
  );
}

function oldestRunning(run: RunState): number {
  let oldest = Infinity;
  for (const pkg of iterateRows(run.packages))
    if (pkg.outcome === 'running') oldest = Math.min(oldest, pkg.startNs ?? Infinity);
  return oldest;
}

function ClockButton(): ReactNode {
  const isWallClock = usePrefs((s) => s.isWallClock);
  const label = isWallClock ? 'Axis: time of day' : 'Axis: time since the run began';
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={isWallClock}
      title={label}
      aria-label="Time of day on the axis"
      onClick={() => usePrefs.setState({ isWallClock: !isWallClock })}
    >
      <ClockIcon />
    </button>
  );
}

const SHOWN_MS = 1500;

function CopyLinkButton(): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    window.setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      className="icon-button"
      title="Copy a link to this view"
      aria-label="Copy a link to this view"
      onClick={() => void copy()}
    >
      {isCopied ? <span className="tone-pass">✓</span> : <LinkIcon />}
    </button>
  );
}
