export { assertNever } from './assert-never.ts';
export { formatBytes } from './bytes.ts';
export { decodeContainer, encodeContainer, type Column, type Container } from './columns.ts';
export { formatNs, ns, nsFromElapsed, nsFromMs, type Ns } from './ns.ts';
export { emptyRows, iterateRows, rowAt, RowsDraft, visitChangedRows, type Rows } from './rows.ts';
export { detach, plural } from './text.ts';
export {
  epochMsOf,
  formatWallTime,
  nsSince,
  parseWallTime,
  wallAfter,
  wallFromEpochMs,
  type WallTime,
} from './wall-time.ts';
