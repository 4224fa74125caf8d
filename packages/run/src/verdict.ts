import { formatWallTime, iterateRows } from '@observe/base';
import { FORMAT, type RunSummary, type Verdict } from '@observe/protocol';
import type { RunState } from './state.ts';

/**
 * `passed` and `failed` are Go's word, package by package; `lost`: the stream stopped before it was all said.
 * A failure is a failure whatever else is missing; only Ctrl-C and a vanished producer come first.
 */
export function verdictOf(state: RunState): Verdict {
  const { end } = state;
  if (end === undefined) return 'running';
  if (end.reason === 'interrupted') return 'interrupted';
  if (end.reason === 'lost') return 'lost';
  let isLost = state.packages.length === 0;
  for (const pkg of iterateRows(state.packages)) {
    if (pkg.outcome === 'fail' || pkg.counts.fail > 0) return 'failed';
    if (pkg.outcome === 'lost') isLost = true;
  }
  for (const build of iterateRows(state.builds)) if (build.isFailed) return 'failed';
  if ((end.exitCode ?? 0) !== 0) return 'failed';
  return isLost ? 'lost' : 'passed';
}

/** The run in one line; `wall` (RFC 3339) is used while no event has a Time. */
export function summaryOf(
  state: RunState,
  known: { id: string; bytes: number; wall: string; name?: string },
): RunSummary {
  const { host } = state;
  let failedPackages = 0;
  for (const pkg of iterateRows(state.packages)) if (pkg.outcome === 'fail') failedPackages++;
  return {
    format: FORMAT,
    id: known.id,
    name:
      known.name ?? host?.name ?? host?.module ?? lastPart(host?.importedFrom) ?? lastPart(host?.directory) ?? known.id,
    verdict: verdictOf(state),
    startedAt: state.origin === undefined ? (host?.wall ?? known.wall) : formatWallTime(state.origin),
    elapsedNs: state.lastNs ?? null,
    packages: state.packages.length,
    failedPackages,
    counts: state.counts,
    ...pick(host, [
      'module',
      'goVersion',
      'gitBranch',
      'gitRevision',
      'isGitDirty',
      'hostname',
      'directory',
      'importedFrom',
    ]),
    seq: state.seq,
    bytes: known.bytes,
  };
}

const lastPart = (path: string | undefined): string | undefined => path?.split(/[\\/]/).findLast((part) => part !== '');

function pick<T extends object, K extends keyof T>(from: T | undefined, keys: readonly K[]): Partial<Pick<T, K>> {
  const found: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from?.[key] !== undefined) found[key] = from[key];
  return found;
}
