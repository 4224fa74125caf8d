import { useEffect, useState, type ReactNode } from 'react';
import { useApp } from '../app-context.ts';
import { useRunStore, type Problem } from '../state/run-store.ts';
import { WarnIcon } from '../ui/icons.tsx';
import { Message } from '../ui/Message.tsx';

/** Shorter waits need no words; a flash of them would be worse. */
const PATIENCE_MS = 300;

/** Until the run's first state is there. */
export function Loading(): ReactNode {
  const progress = useRunStore((s) => s.progress);
  const isAway = useRunStore((s) => s.connection.kind === 'lost');
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  if (isAway) {
    return (
      <div className="screen">
        <Message title="The collector does not answer" icon={<WarnIcon />}>
          <p>It may have left because nothing was going on. Any run starts it again, or:</p>
          <pre>observe serve</pre>
          <p className="faint">This page goes on by itself when it is back.</p>
        </Message>
      </div>
    );
  }
  if (!isSlow) return null;
  return (
    <div className="screen">
      <Message title="Opening the run …">
        {progress !== undefined && progress.total > 0 && (
          <progress max={progress.total} value={progress.done} aria-label="Opening">
            {Math.round((progress.done / progress.total) * 100)} %
          </progress>
        )}
      </Message>
    </div>
  );
}

const TITLES: Readonly<Record<Problem['kind'], string>> = {
  'unknown-run': 'There is no such run',
  deleted: 'This run has been deleted',
  unreadable: 'This run cannot be read',
};

export function ProblemMessage({ problem }: { problem: Problem }): ReactNode {
  const { source, link } = useApp();
  return (
    <div className="screen">
      <Message title={TITLES[problem.kind]} icon={<WarnIcon />}>
        <p>
          {problem.kind === 'unknown-run'
            ? `It may have been deleted, or it was recorded by a collector of another OBSERVE_HOME.`
            : problem.message}
        </p>
        {source.kind === 'live' && (
          <p>
            <button type="button" className="button" onClick={() => link.open(undefined)}>
              All runs
            </button>
          </p>
        )}
      </Message>
    </div>
  );
}
