import { formatNs, plural } from '@observe/base';
import type { StateNs, TestGoroutines } from '@observe/protocol';
import type { GoroutinesOf } from '@observe/query';
import type { ReactNode } from 'react';
import { GO_GROUPS, groupOfKey, type GoGroup } from '../../canvas/go-groups.ts';
import { useRunStore } from '../../state/run-store.ts';
import { select } from '../../state/view-store.ts';
import { selectionOf, findNode } from '../../state/selection.ts';
import { placeOf, shortFunc } from '../../ui/Frames.tsx';
import { GoSwatch } from '../../ui/GoSwatch.tsx';
import { GO_GROUP_WORDS } from '../../ui/words.ts';

/** Where the time of a test's goroutines went: of its own, and of those that it began. Waits of package testing stand apart. */
export function AccountView({ account, of }: { account: TestGoroutines; of: GoroutinesOf }): ReactNode {
  const { own, children, testing, wokenBy = [] } = account;
  return (
    <div className="account">
      <AccountBar name="its own" parts={[...partsOf(own), ...testingParts(testing)]} />
      <AccountBar name="others" parts={partsOf(children)} />
      {wokenBy.slice(0, 3).map((woken) => (
        <WokenBy key={`${woken.test}/${woken.occurrence}`} woken={woken} of={of} />
      ))}
    </div>
  );
}

interface Part {
  readonly key: string;
  readonly word: string;
  readonly title: string;
  readonly group: GoGroup | undefined;
  readonly timeNs: number;
}

/** Time by group, in the order in which groups are stacked everywhere. */
export function partsOf(states: StateNs): readonly Part[] {
  const sums = new Map<GoGroup, number>();
  for (const [key, timeNs] of Object.entries(states)) {
    const group = groupOfKey(key);
    sums.set(group, (sums.get(group) ?? 0) + timeNs);
  }
  return GO_GROUPS.flatMap((group) => {
    const timeNs = sums.get(group) ?? 0;
    const { word, what } = GO_GROUP_WORDS[group];
    return timeNs > 0 ? [{ key: group, word, title: what, group, timeNs }] : [];
  });
}

function testingParts({ slotNs, serialSiblingsNs, subtestsNs, logNs }: TestGoroutines['testing']): readonly Part[] {
  const parts: readonly (readonly [string, string, number])[] = [
    ['for a slot', 'paused: no -parallel slot is free', slotNs],
    ['for serial tests', 'paused in t.Parallel: serial tests still run', serialSiblingsNs],
    ['for subtests', 'waits for its subtests', subtestsNs],
    ['for the log', 'waits for the test log', logNs],
  ];
  return parts.flatMap(([word, title, timeNs]) =>
    timeNs > 0 ? [{ key: word, word, title, group: undefined, timeNs }] : [],
  );
}

/** A bar of the shares, and the largest of them in words. */
function AccountBar({ name, parts }: { name: string; parts: readonly Part[] }): ReactNode {
  const sumNs = parts.reduce((sum, { timeNs }) => sum + timeNs, 0);
  if (sumNs === 0) return null;
  const largest = parts.toSorted((a, b) => b.timeNs - a.timeNs).slice(0, 4);
  return (
    <div className="account-row">
      <span className="muted account-name">{name}</span>
      <span className="account-bar" aria-hidden="true">
        {parts.map(({ key, group, timeNs }) => (
          <span
            key={key}
            className={group === undefined ? 'account-part of-testing' : 'account-part'}
            style={{
              flexGrow: timeNs / sumNs,
              ...(group === undefined ? {} : { background: `var(--go-${group})` }),
            }}
          />
        ))}
      </span>
      {largest.map(({ key, word, title, group, timeNs }) => (
        <span key={key} className="account-word" title={title}>
          {group === undefined ? <span className="go-swatch of-testing" /> : <GoSwatch group={group} />}
          {word} <b>{formatNs(timeNs)}</b>
        </span>
      ))}
    </div>
  );
}

function WokenBy({
  woken: { test, occurrence, count, waker, waiter },
  of,
}: {
  woken: NonNullable<TestGoroutines['wokenBy']>[number];
  of: GoroutinesOf;
}): ReactNode {
  const run = useRunStore((s) => s.run);
  const mine = run === undefined || of.kind !== 'test' ? undefined : selectionOf(run, of);
  const other = mine?.kind === 'test' ? { ...mine, test, occurrence } : undefined;
  const isKnown = run !== undefined && other !== undefined && findNode(run, other) !== undefined;
  return (
    <p className="account-row">
      <span className="muted account-name">woken by</span>
      <button
        type="button"
        className="link"
        disabled={!isKnown}
        onClick={() => other !== undefined && select(other, { reveal: true })}
      >
        {test}
      </button>
      <span className="muted">
        {plural(count, 'time')}
        {waker !== null && (
          <>
            {' '}
            from <code>{shortFunc(waker.func)}</code> {placeOf(waker, true)}
          </>
        )}
        {waiter !== null && (
          <>
            {' '}
            while in <code>{shortFunc(waiter.func)}</code> {placeOf(waiter, true)}
          </>
        )}
      </span>
    </p>
  );
}
