import { formatNs } from '@observe/base';
import type { GoroutinesAnswer } from '@observe/protocol';
import { MAX_GOROUTINES, type GoroutinesOf } from '@observe/query';
import { useMemo, useState, type ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { useTraceAnswer } from '../../state/use-trace-answer.ts';
import { WarnIcon } from '../../ui/icons.tsx';
import { AccountView } from './AccountView.tsx';
import { goroutineKey, groupKey, stackKeys } from './describe.ts';
import { GoroutineList } from './GoroutineList.tsx';
import { GroupList } from './GroupList.tsx';
import { lifeOf } from './span.ts';
import { useOrder } from './use-order.ts';
import './goroutines.css';

/** What the goroutines of a test or a package do and did. */
export function Goroutines({ of }: { of: GoroutinesOf }): ReactNode {
  const { answer, error } = useTraceAnswer({ kind: 'goroutines', of, from: 0, limit: MAX_GOROUTINES });
  if (answer === undefined)
    return (
      <p className={error === undefined ? 'goroutines-note faint' : 'goroutines-note tone-lost'}>
        {error ?? 'reading …'}
      </p>
    );
  if (answer.total === 0)
    return (
      <p className="goroutines-note faint">
        {of.kind === 'test'
          ? 'No trace tells of this test: its package was not traced, or it ran where the trace does not reach.'
          : 'No trace tells of this package.'}
      </p>
    );
  return <Answered of={of} answer={answer} error={error} />;
}

function Answered({
  of,
  answer,
  error,
}: {
  of: GoroutinesOf;
  answer: GoroutinesAnswer;
  error: string | undefined;
}): ReactNode {
  const [chosen, setChosen] = useState<string>();
  const run = useRunStore((s) => s.run);
  const ordered = useOrder(answer.goroutines, goroutineKey);
  const keys = useMemo(() => stackKeys(answer), [answer]);
  if (run === undefined) return null;
  const life = lifeOf(run, of, answer.tipNs ?? run.lastNs ?? 0);
  const isOver = of.kind === 'test' && life.endNs !== undefined;
  const list = chosen === undefined ? ordered : ordered.filter((goroutine) => groupKey(goroutine, keys) === chosen);
  return (
    <div className="goroutines">
      <header className="goroutines-head">
        <Numbers answer={answer} isOver={isOver} of={of} />
        {error !== undefined && <span className="tone-lost">{error}</span>}
        {answer.account !== null && <AccountView account={answer.account} of={of} />}
      </header>
      <GroupList answer={answer} keys={keys} isOver={isOver} chosen={chosen} choose={setChosen} />
      <GoroutineList of={of} answer={answer} list={list} life={life} isFiltered={chosen !== undefined} />
    </div>
  );
}

/** Those that stand out first. */
function Numbers({
  answer: { total, alive, groups, account, tipNs },
  isOver,
  of,
}: {
  answer: GoroutinesAnswer;
  isOver: boolean;
  of: GoroutinesOf;
}): ReactNode {
  const isLive = useRunStore((s) => s.isLive);
  const outlived = groups.reduce((sum, group) => sum + group.outlive, 0);
  const left = isOver ? alive : 0;
  const endedLater = Math.max(0, outlived - left);
  return (
    <span className="goroutines-numbers">
      <span>
        <b>{total.toLocaleString('en-US')}</b> {total === 1 ? 'goroutine' : 'goroutines'}
      </span>
      {account !== null && account.maxAlive > 0 && (
        <span>
          <b>{account.maxAlive.toLocaleString('en-US')}</b> at most at once
        </span>
      )}
      {!isOver && (
        <span>
          <b>{alive.toLocaleString('en-US')}</b> alive
        </span>
      )}
      {left > 0 && (
        <span className="tone-lost outlives">
          <WarnIcon />
          <b>{left.toLocaleString('en-US')}</b> still alive after its end
        </span>
      )}
      {endedLater > 0 && (
        <span className={of.kind === 'test' ? 'muted' : 'tone-lost'}>
          <b>{endedLater.toLocaleString('en-US')}</b>{' '}
          {of.kind === 'test' ? 'ended after its end' : 'outlived their tests'}
        </span>
      )}
      {tipNs !== null && (
        <span className="faint" title="Times are as far as the traces reach">
          {isLive ? 'as of' : 'at the trace’s end,'} {formatNs(tipNs)}
        </span>
      )}
    </span>
  );
}
