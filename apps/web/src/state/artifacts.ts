import type { ArtifactFacts, ShownProcess } from '@observe/protocol';
import type { RunState } from '@observe/run';
import { useMemo } from 'react';
import { useRunStore } from './run-store.ts';
import { useHasTraces } from './traces.ts';
import { useTraceAnswer } from './use-trace-answer.ts';

/** A file beside the log; `process`: of a trace, what was read in it. */
export interface ShownArtifact {
  readonly facts: ArtifactFacts;
  readonly process: ShownProcess | undefined;
}

/** Files of a package; of undefined: those that no package is known for. */
export function artifactsOf(
  run: Pick<RunState, 'artifacts' | 'processes'>,
  traced: readonly ShownProcess[],
  packageName: string | undefined,
): readonly ShownArtifact[] {
  return run.artifacts.flatMap((facts) => {
    const process = traced.find(({ artifact }) => artifact === facts.id);
    const ran = facts.process === undefined ? undefined : run.processes.find(({ id }) => id === facts.process);
    const of = facts.package ?? process?.package ?? ran?.package;
    return of === packageName ? [{ facts, process }] : [];
  });
}

/** The same for the run that is shown, with what its traces tell as soon as they do. */
export function useArtifacts(packageName: string | undefined): readonly ShownArtifact[] {
  const artifacts = useRunStore((s) => s.run?.artifacts);
  const processes = useRunStore((s) => s.run?.processes);
  const { answer } = useTraceAnswer(useHasTraces() ? { kind: 'processes' } : undefined);
  return useMemo(
    () =>
      artifacts === undefined || processes === undefined
        ? []
        : artifactsOf({ artifacts, processes }, answer?.processes ?? [], packageName),
    [artifacts, processes, answer, packageName],
  );
}
