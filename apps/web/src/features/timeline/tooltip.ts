import { bisectRight } from 'd3-array';
import { formatNs, ns, plural, rowAt } from '@observe/base';
import { stopNsOf, type PackageState, type RunState, type TestState } from '@observe/run';
import type { ActivityTable } from '../../canvas/activity.ts';
import { segmentAt, segmentCount } from '../../canvas/lane.ts';
import { nsAt, nsPerPx } from '../../canvas/viewport.ts';
import { nowNs, useRunStore } from '../../state/run-store.ts';
import type { NodeRef } from '../../state/selection.ts';
import { createTooltipBox, type Told } from '../../ui/tooltip-box.ts';
import { OUTCOME_WORDS, PHASE_WORDS, lostWords } from '../../ui/words.ts';
import type { Hover } from './gestures.ts';
import type { Timeline } from './timeline.ts';

/** Pixels beside a short piece at which the pointer still means it. */
const NEAR_PX = 4;

/** Says what is under the pointer. */
export function createTooltip(timeline: Timeline): { hover: Hover; stop(): void } {
  const box = createTooltipBox();
  return {
    hover(place) {
      const { run } = useRunStore.getState();
      const row = place === undefined ? undefined : timeline.rowAtPx(place.yPx);
      const node = row === undefined ? undefined : timeline.nodeAt(row);
      const view = timeline.camera.view();
      const told =
        place === undefined || run === undefined || node === undefined
          ? undefined
          : tell(timeline, run, node, nsAt(view, place.xPx), nsPerPx(view) * NEAR_PX);
      if (place === undefined || told === undefined) box.hide();
      else box.show(told, place);
    },
    stop: () => box.stop(),
  };
}

/** What is at a moment of a row. */
function tell(
  timeline: Timeline,
  run: RunState,
  { kind, row }: NodeRef,
  atNs: number,
  nearNs: number,
): Told | undefined {
  const test = kind === 'test' ? rowAt(run.tests, row) : undefined;
  if (test !== undefined) return tellTest(test, atNs, nearNs);
  const pkg = kind === 'package' ? rowAt(run.packages, row) : undefined;
  return pkg === undefined ? undefined : tellPackage(pkg, timeline.activityOf(run, pkg), atNs);
}

function tellTest(test: TestState, atNs: number, nearNs: number): Told {
  const now = nowNs();
  const stopNs = stopNsOf(test, ns(now));
  const whole =
    test.startNs === undefined || stopNs === undefined ? '' : `, ${formatNs(ns(stopNs - test.startNs))} in all`;
  const lines = [`${OUTCOME_WORDS[test.outcome]}${whole}`];
  for (let i = 0; i < segmentCount(test); i++) {
    const segment = segmentAt(test, i, now);
    if (segment === undefined || atNs < segment.fromNs - nearNs || atNs > segment.toNs + nearNs) continue;
    if (atNs > segment.toNs && i + 1 < segmentCount(test)) continue; // the next one begins here
    const { word, what } = PHASE_WORDS[segment.look];
    lines.push(`${word}: ${what}`);
    lines.push(
      `${formatNs(ns(segment.fromNs))} – ${segment.isOpen ? 'now' : formatNs(ns(segment.toNs))}, ${formatNs(ns(segment.toNs - segment.fromNs))}`,
    );
    break;
  }
  if (test.lost !== undefined) lines.push(lostWords(test.lost));
  return { title: test.name, lines };
}

function tellPackage(pkg: PackageState, { atNs: steps, running, peak }: ActivityTable, atNs: number): Told {
  const lines = [`${OUTCOME_WORDS[pkg.outcome]}${pkg.elapsedNs === undefined ? '' : `, ${formatNs(pkg.elapsedNs)}`}`];
  const here = running[bisectRight(steps, atNs) - 1] ?? 0;
  const isAlive = pkg.startNs !== undefined && atNs >= pkg.startNs && atNs <= (pkg.endNs ?? nowNs());
  if (isAlive) lines.push(`${plural(here, 'test')} running here, ${peak} at most`);
  return { title: pkg.name, lines };
}
