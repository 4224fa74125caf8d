import { rowAt } from '@observe/base';
import { SCHEMA, type ProcessesAnswer, type ShownProcess } from '@observe/protocol';
import type { RunState } from '@observe/run';
import type { TracedProcess } from './traced-process.ts';

/** Faults told of one trace; the rest is counted by nobody. */
const MAX_FAULTS = 20;

export const askProcesses = (run: RunState, processes: readonly TracedProcess[], version: number): ProcessesAnswer => ({
  schema: SCHEMA,
  version,
  processes: processes.map((process) => shown(run, process)),
});

function shown(run: RunState, process: TracedProcess): ShownProcess {
  const { trace, alignment, pairs } = process;
  const artifact = run.artifacts.find(({ id }) => id === process.artifact);
  const pid = run.processes.find(({ id }) => id === artifact?.process)?.pid;
  const { owners = 0, paired = 0 } = pairs?.counts() ?? {};
  const why = artifact?.why ?? (process.hasEnded ? incompleteWords(process) : undefined);
  return {
    artifact: process.artifact,
    name: artifact?.name ?? process.artifact,
    package: rowAt(run.packages, process.packageRow)?.name ?? null,
    placedBy: process.placedBy ?? null,
    ...(pid === undefined ? {} : { pid }),
    startNs: trace.extent.generations === 0 ? null : process.runNs(0),
    endNs: trace.extent.generations === 0 ? null : process.runNs(trace.extent.endNs),
    clock: {
      quality: alignment.quality === 'host' ? 'monotonic' : alignment.quality,
      errorNs: Number.isFinite(alignment.errorNs) ? alignment.errorNs : null,
    },
    version: process.traceVersion ?? null,
    bytes: Math.max(process.readBytes, artifact?.bytes ?? 0),
    readBytes: process.readBytes,
    generations: trace.extent.generations,
    isGrowing: !process.hasEnded,
    ...(why === undefined ? {} : { why }),
    goroutines: trace.goroutines.length,
    maxAlive: trace.extent.maxAlive,
    pairedTests: paired,
    unpairedTests: owners - paired,
    faults: process.faults.slice(0, MAX_FAULTS).map(({ kind, offset, message }) => ({ kind, offset, message })),
  };
}

function incompleteWords({ trace }: TracedProcess): string | undefined {
  if (trace.extent.generations === 0) return 'not one generation is in it: the process died within its first second';
  return trace.extent.incomplete > 0 ? 'its last generation is cut: the process died before it was written' : undefined;
}
