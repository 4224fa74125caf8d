import type { ArtifactFacts, ProcessFacts } from '@observe/protocol';
import type { ProcessState } from './state.ts';

/** More of either in one run are forged: they are not remembered. A large monorepo has some thousands of packages. */
const MAX_PARTS = 100_000;

/** With what was said of a process: new, or more of one that is known. */
export function withProcess(
  known: readonly ProcessState[],
  said: ProcessFacts,
  monoNs: number,
): readonly ProcessState[] {
  const at = known.findIndex(({ id }) => id === said.id);
  const before = known[at];
  const endedMonoNs = before?.endedMonoNs ?? (said.hasEnded === true ? monoNs : undefined);
  return withPart(known, at, { ...before, ...said, seenMonoNs: before?.seenMonoNs ?? monoNs, endedMonoNs });
}

export const withArtifact = (known: readonly ArtifactFacts[], said: ArtifactFacts): readonly ArtifactFacts[] =>
  withPart(
    known,
    known.findIndex(({ id }) => id === said.id),
    said,
  );

function withPart<T>(known: readonly T[], at: number, part: T): readonly T[] {
  if (at >= 0) return known.with(at, part);
  return known.length < MAX_PARTS ? [...known, part] : known;
}
