import { ns, rowAt } from '@observe/base';
import type { GoroutinesOf } from '@observe/query';
import { stopNsOf, type RunState } from '@observe/run';
import type { Viewport } from '../../canvas/viewport.ts';

/** Room after the end, so that what outlives it is seen to. */
const AFTER = 0.06;

export interface Life {
  readonly fromNs: number;
  /** Its end, or how far the traces reach. */
  readonly toNs: number;
  /** Undefined: it has not ended. */
  readonly endNs: number | undefined;
}

/** From when to when a test or a package lived. */
export function lifeOf(run: RunState, of: GoroutinesOf, tipNs: number): Life {
  if (of.kind === 'test') {
    const test = rowAt(run.tests, of.row);
    const fromNs = test?.startNs ?? 0;
    const stopNs = test === undefined ? undefined : stopNsOf(test, ns(tipNs));
    return { fromNs, toNs: Math.max(fromNs, stopNs ?? tipNs), endNs: test?.endNs };
  }
  const pkg = of.kind === 'package' ? rowAt(run.packages, of.row) : undefined;
  const fromNs = pkg?.startNs ?? 0;
  return { fromNs, toNs: Math.max(fromNs, pkg?.endNs ?? tipNs), endNs: pkg?.endNs };
}

export function viewOfLife({ fromNs, toNs }: Life, widthPx: number): Viewport {
  const span = Math.max(10_000, toNs - fromNs);
  return { fromNs, toNs: fromNs + span * (1 + AFTER), widthPx };
}
