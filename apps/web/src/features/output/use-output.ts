import { rowAt } from '@observe/base';
import type { OutputOf } from '@observe/query';
import type { OutputRanges, RunState } from '@observe/run';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useApp } from '../../app-context.ts';
import { track } from '../../state/idle.ts';
import { useRunStore } from '../../state/run-store.ts';
import { OutputBuffer } from './output-buffer.ts';

/** The lines of an output, kept in step with the run. Undefined for a moment when another one is chosen. */
export function useOutput(of: OutputOf): OutputBuffer | undefined {
  const { source } = useApp();
  const runId = useRunStore((s) => s.runId);
  const row = of.kind === 'strays' ? -1 : of.row;
  const [buffer, setBuffer] = useState<OutputBuffer>();
  useEffect(() => {
    if (runId === undefined) return undefined;
    const what: OutputOf = of.kind === 'strays' ? { kind: of.kind } : { kind: of.kind, row };
    const made = new OutputBuffer((page, signal) => track(source.output(runId, what, page, signal)));
    setBuffer(made);
    return () => {
      made.stop();
      setBuffer(undefined);
    };
  }, [source, runId, of.kind, row]);

  // Its size in the state says that there is more to read.
  const size = useRunStore((s) => (s.run === undefined ? 0 : (sizeOf(s.run, of)?.chars ?? 0)));
  useEffect(() => void buffer?.refresh(), [buffer, size]);
  useSyncExternalStore(buffer?.subscribe ?? noSubscription, () => buffer?.version ?? 0);
  return buffer;
}

const noSubscription = () => (): void => undefined;

function sizeOf(run: RunState, of: OutputOf): OutputRanges | undefined {
  switch (of.kind) {
    case 'test':
      return rowAt(run.tests, of.row)?.output;
    case 'package':
      return rowAt(run.packages, of.row)?.output;
    case 'process':
      return rowAt(run.packages, of.row)?.processOutput;
    case 'build':
      return rowAt(run.builds, of.row)?.output;
    case 'strays':
      return run.quality.strayOutput;
  }
}
