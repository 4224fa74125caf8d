import type { GoState } from '@observe/protocol';

/** What a goroutine does, as coarse as colours can tell apart. In the order in which they are stacked, from the bottom up. */
export const GO_GROUPS = [
  'running',
  'runnable',
  'syscall',
  'lock',
  'channel',
  'select',
  'network',
  'sleep',
  'other',
] as const;
export type GoGroup = (typeof GO_GROUPS)[number];

/** Go's words for why a goroutine waits; those that are not here, and none at all, are `other`. */
const REASONS: ReadonlyMap<string, GoGroup> = new Map([
  ['sync', 'lock'],
  ['sync.(*Cond).Wait', 'lock'],
  ['chan send', 'channel'],
  ['chan receive', 'channel'],
  ['select', 'select'],
  ['network', 'network'],
  ['sleep', 'sleep'],
]);

export const groupOf = (state: GoState, reason: string): GoGroup =>
  state === 'waiting' ? (REASONS.get(reason) ?? 'other') : state;

/** Group of a key of `stateNs`: `running`, `waiting/chan receive`. */
export function groupOfKey(key: string): GoGroup {
  const [state, reason = ''] = key.split('/', 2);
  return state === 'running' || state === 'runnable' || state === 'syscall' ? state : groupOf('waiting', reason);
}
