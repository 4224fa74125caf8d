import { iterateRows } from '@observe/base';
import { runDetectors } from '@observe/detectors';
import type { Report } from '@observe/gostack';
import type { DetectorOutcome } from '@observe/protocol';
import { readReport } from '@observe/query';
import { monotonicNs } from '../pipe/recorder.ts';
import { liveNowNs } from '../report/run-watch.ts';
import type { FoldedRun } from './folded-run.ts';

/** What every detector says of a run, as far as its log and its artifacts go. */
export async function findIn(run: FoldedRun): Promise<readonly DetectorOutcome[]> {
  const { state, log } = run;
  const reports = new Map<number, Report>();
  for (const { row, processOutput } of iterateRows(state.packages)) {
    if (processOutput.lines > 0) reports.set(row, await readReport(state, log, row));
  }
  const nowNs = state.end === undefined ? liveNowNs(state, monotonicNs()) : undefined;
  return runDetectors({ run: state, traces: (await run.traces()).placed(), reports, nowNs });
}
