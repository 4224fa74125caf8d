import { ns, wallAfter, type WallTime } from '@observe/base';
import type { Profile } from '@observe/pprof';

/** From when to when a profile was taken. One moment, that of writing, for all but CPU profiles: what it counts came before. */
export interface ProfileSpan {
  readonly from: WallTime;
  readonly to: WallTime;
}

/** Undefined: the profile does not say. */
export function spanOfProfile({ timeNanos, durationNs }: Profile): ProfileSpan | undefined {
  if (timeNanos === undefined) return undefined;
  const nanos = ((timeNanos % BILLION) + BILLION) % BILLION;
  const from: WallTime = { s: Number((timeNanos - nanos) / BILLION), ns: Number(nanos), zoneMin: 0 };
  return { from, to: wallAfter(from, ns(Math.max(0, durationNs ?? 0))) };
}

const BILLION = 1_000_000_000n;
