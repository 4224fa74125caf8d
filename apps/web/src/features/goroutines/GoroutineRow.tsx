import { formatNs } from '@observe/base';
import type { GoroutinesAnswer, LanesAnswer, ShownFrame, ShownGoroutine } from '@observe/protocol';
import type { ReactNode } from 'react';
import type { GoLane } from '../../canvas/paint-go-lane.ts';
import type { Viewport } from '../../canvas/viewport.ts';
import { Frames } from '../../ui/Frames.tsx';
import { GoSwatch } from '../../ui/GoSwatch.tsx';
import { WarnIcon } from '../../ui/icons.tsx';
import type { TooltipBox } from '../../ui/tooltip-box.ts';
import { GO_GROUP_WORDS } from '../../ui/words.ts';
import { ageText, groupOfStanding, laneText, nameOf, standingText } from './describe.ts';
import { LaneCanvas } from './LaneCanvas.tsx';

interface Props {
  readonly goroutine: ShownGoroutine;
  readonly answer: GoroutinesAnswer;
  /** Undefined: not asked for yet. */
  readonly lane: GoLane | undefined;
  readonly laneStacks: LanesAnswer['stacks'];
  readonly view: Viewport;
  readonly testEndNs: number | undefined;
  /** All goroutines are of one test: none needs to say whose it is. */
  readonly isOwner: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly tooltip: TooltipBox | undefined;
}

/** One goroutine: which, doing what, and its lane. Opens to where it stands and where it was created. */
export function GoroutineRow(props: Props): ReactNode {
  const { goroutine, answer, lane, laneStacks, view, testEndNs, isOwner, isOpen, onToggle, tooltip } = props;
  const { goid, startFunc, isTest, now, outlivesTest, endedNs, owner } = goroutine;
  const name = nameOf(goroutine);
  return (
    <>
      <div className={now === null ? 'go-row has-ended' : 'go-row'}>
        <button type="button" className="go-row-head" aria-expanded={isOpen} onClick={onToggle}>
          <span className="go-id" title={`goroutine ${goid}`}>
            {goid}
          </span>
          <span className="ellipsis go-name" title={startFunc ?? undefined}>
            {name}
            {isTest && <span className="faint"> the test itself</span>}
            {!isTest && !isOwner && owner.test !== undefined && <span className="faint"> of {owner.test}</span>}
          </span>
          <span className="spacer" />
          {outlivesTest && <Outlives goroutine={goroutine} testEndNs={testEndNs} />}
          <Now goroutine={goroutine} answer={answer} isShort={outlivesTest} />
          {lane !== undefined && <span className="sr-only">, {laneText(lane)}</span>}
        </button>
        {lane === undefined ? (
          <span className="go-lane" />
        ) : (
          <LaneCanvas
            frame={{
              lane,
              view,
              openNs: endedNs === null ? (answer.tipNs ?? undefined) : undefined,
              outlivesNs: outlivesTest ? testEndNs : undefined,
            }}
            title={`goroutine ${goid}, ${name}`}
            endNs={testEndNs}
            stacks={laneStacks}
            tooltip={tooltip}
          />
        )}
      </div>
      {isOpen && (
        <Stacks goroutine={goroutine} stackOf={(index) => (index === null ? undefined : answer.stacks[index])} />
      )}
    </>
  );
}

/** What it does now, or how long it lived. */
function Now({
  goroutine: { now, createdNs, endedNs },
  answer,
  isShort,
}: {
  goroutine: ShownGoroutine;
  answer: GoroutinesAnswer;
  isShort: boolean;
}): ReactNode {
  if (now === null) {
    if (isShort) return null;
    const lived = createdNs === null || endedNs === null ? 'ended' : formatNs(endedNs - createdNs);
    return (
      <span className="faint go-now" title="How long it lived: it has ended">
        {lived}
      </span>
    );
  }
  const group = groupOfStanding(now);
  return (
    <span className={now.testingWait === undefined ? 'go-now' : 'go-now faint'} title={standingText(now)}>
      <GoSwatch group={group} />
      {now.testingWait === undefined ? GO_GROUP_WORDS[group].word : 'testing'} {ageText(now.sinceNs, answer.tipNs)}
    </span>
  );
}

function Outlives({
  goroutine: { endedNs },
  testEndNs,
}: {
  goroutine: ShownGoroutine;
  testEndNs: number | undefined;
}): ReactNode {
  const later = endedNs === null || testEndNs === undefined ? '' : formatNs(Math.max(0, endedNs - testEndNs));
  return (
    <span className="tone-lost outlives" title="It is alive after the end of its test">
      <WarnIcon />
      {endedNs === null ? 'still alive' : later === '' ? 'outlived it' : `ended ${later} late`}
    </span>
  );
}

function Stacks({
  goroutine: { now, createdAt, parentGoid, startFunc },
  stackOf,
}: {
  goroutine: ShownGoroutine;
  stackOf: (index: number | null) => readonly ShownFrame[] | undefined;
}): ReactNode {
  const [stands, created] = [stackOf(now?.stack ?? null), stackOf(createdAt)];
  return (
    <div className="go-stacks">
      {now !== null && (
        <section>
          <h4>Stands in {standingText(now)}</h4>
          {stands === undefined ? (
            <p className="faint">The trace has no stack of it.</p>
          ) : (
            <Frames frames={stands} dimsLibrary />
          )}
        </section>
      )}
      <section>
        <h4>
          Runs <code>{startFunc ?? 'a function that the trace does not name'}</code>
          {parentGoid !== null && <span className="faint">, created by goroutine {parentGoid} at</span>}
        </h4>
        {created === undefined ? (
          <p className="faint">It is older than the trace, or was begun by a timer.</p>
        ) : (
          <Frames frames={created} dimsLibrary />
        )}
      </section>
    </div>
  );
}
