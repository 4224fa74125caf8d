import { plural } from '@observe/base';
import type { GoroutineGroup, GoroutinesAnswer } from '@observe/protocol';
import { useState, type ReactNode } from 'react';
import { Frames } from '../../ui/Frames.tsx';
import { GoSwatch } from '../../ui/GoSwatch.tsx';
import { Chevron } from '../../ui/icons.tsx';
import { GO_GROUP_WORDS } from '../../ui/words.ts';
import {
  ageText,
  groupKey,
  groupOfStanding,
  isQuiet,
  placeIn,
  standingKey,
  standingText,
  startText,
} from './describe.ts';
import { useOrder } from './use-order.ts';

/** More groups than one reads; those that follow have fewer goroutines. */
const MAX_GROUPS = 200;

interface Props {
  readonly answer: GoroutinesAnswer;
  readonly keys: readonly string[];
  /** The test has ended: what is alive outlives it. */
  readonly isOver: boolean;
  readonly chosen: string | undefined;
  readonly choose: (key: string | undefined) => void;
}

/** Goroutines begun alike, and where they stand now. Choosing a group leaves only its goroutines in the list beside. */
export function GroupList({ answer, keys, isOver, chosen, choose }: Props): ReactNode {
  const groups = useOrder(answer.groups, (group) => groupKey(group, keys));
  const [telling, quiet] = [
    groups.filter((group) => !isQuiet(group, answer.stacks)),
    groups.filter((group) => isQuiet(group, answer.stacks)),
  ];
  const item = (group: GoroutineGroup): ReactNode => {
    const key = groupKey(group, keys);
    const isChosen = key === chosen;
    return (
      <GroupView
        key={key}
        group={group}
        answer={answer}
        keys={keys}
        isOver={isOver}
        isChosen={isChosen}
        onChoose={() => choose(isChosen ? undefined : key)}
      />
    );
  };
  return (
    <section className="go-groups scroll" tabIndex={0} aria-label="Goroutines by what began them">
      <ul>{telling.slice(0, MAX_GROUPS).map(item)}</ul>
      {telling.length > MAX_GROUPS && (
        <p className="goroutines-note faint">and {plural(telling.length - MAX_GROUPS, 'more group')}</p>
      )}
      {quiet.length > 0 && (
        <>
          <h3>Package testing, the library, the runtime</h3>
          <ul className="is-quiet">{quiet.slice(0, MAX_GROUPS).map(item)}</ul>
        </>
      )}
    </section>
  );
}

function GroupView({
  group,
  answer,
  keys,
  isOver,
  isChosen,
  onChoose,
}: {
  group: GoroutineGroup;
  answer: GoroutinesAnswer;
  keys: readonly string[];
  isOver: boolean;
  isChosen: boolean;
  onChoose: () => void;
}): ReactNode {
  const { startFunc, createdAt, count, alive, outlive } = group;
  const standing = useOrder(group.standing, (place) => standingKey(place, keys));
  const created = placeIn(createdAt === null ? undefined : answer.stacks[createdAt]);
  const left = isOver ? alive : 0;
  return (
    <li className={isChosen ? 'go-group is-chosen' : 'go-group'}>
      <button
        type="button"
        className="go-group-head"
        aria-pressed={isChosen}
        title={isChosen ? 'Show all goroutines again' : 'Show only these goroutines beside'}
        onClick={onChoose}
      >
        <span className="go-count">{count.toLocaleString('en-US')} ×</span>
        <code className="ellipsis go-start" title={startFunc ?? undefined}>
          {startText(startFunc)}
        </code>
        {created !== undefined && !created.isLibrary && (
          <span className="faint ellipsis go-created" title={`Created in ${created.func} ${created.site}`}>
            {created.site}
          </span>
        )}
        <span className="spacer" />
        {left > 0 ? (
          <span className="tone-lost">{left} still alive</span>
        ) : outlive > 0 ? (
          <span className="tone-lost">{outlive} outlived the test</span>
        ) : (
          <span className="faint">{alive === 0 ? 'ended' : alive === count ? 'alive' : `${alive} alive`}</span>
        )}
      </button>
      {standing.map((place) => (
        <StandingView key={standingKey(place, keys)} standing={place} begunBy={startText(startFunc)} answer={answer} />
      ))}
    </li>
  );
}

/** Where some goroutines of a group stand. Opens to the stack. */
function StandingView({
  standing,
  begunBy,
  answer,
}: {
  standing: GoroutineGroup['standing'][number];
  /** The group's function: not said again. */
  begunBy: string;
  answer: GoroutinesAnswer;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const stack = standing.stack === null ? undefined : answer.stacks[standing.stack];
  const place = placeIn(stack);
  const group = groupOfStanding(standing);
  const age = ageText(standing.oldestSinceNs, answer.tipNs);
  const isTesting = standing.testingWait !== undefined;
  return (
    <div className={isTesting ? 'standing is-testing' : 'standing'}>
      <button
        type="button"
        className="standing-head"
        aria-expanded={isOpen}
        disabled={stack === undefined}
        title={standingText(standing)}
        onClick={() => setOpen(!isOpen)}
      >
        {stack === undefined ? <span className="no-chevron" /> : <Chevron isOpen={isOpen} />}
        <GoSwatch group={group} />
        {isTesting ? (
          <span className="ellipsis">{standingText(standing)}</span>
        ) : (
          <>
            <span className="standing-state">{GO_GROUP_WORDS[group].word}</span>
            {standing.count > 1 && <span className="muted">{standing.count.toLocaleString('en-US')} ×</span>}
            <span className="ellipsis">
              {place === undefined ? (
                <span className="faint">the trace has no stack</span>
              ) : (
                <>
                  {place.func !== begunBy && <code>{place.func} </code>}
                  <span className="faint">{place.site}</span>
                  {place.within !== undefined && <span className="faint"> in {place.within}</span>}
                </>
              )}
            </span>
          </>
        )}
        <span className="spacer" />
        {age !== '' && (
          <span
            className="muted standing-age"
            title={standing.count > 1 ? 'The one that stands there longest' : undefined}
          >
            {standing.state === 'waiting' ? 'waiting ' : ''}
            {age}
          </span>
        )}
      </button>
      {isOpen && stack !== undefined && <Frames frames={stack} dimsLibrary />}
    </div>
  );
}
