import { iterateRows, rowAt, type Ns } from '@observe/base';
import { SCHEMA } from '@observe/protocol';
import { activeNsOf, wallNsOf, type RunState, type TestState } from '@observe/run';
import type { OutputReader } from './output.ts';

/** `GET /api/runs/:id/now`: what runs right now, the longest first. Times are ns since the run's first event; null where unknown. */
export interface NowAnswer {
  readonly schema: number;
  readonly run: string;
  readonly nowNs: number | null;
  readonly running: readonly NowTest[];
}

export interface NowTest {
  readonly package: string;
  readonly test: string;
  readonly occurrence: number;
  /** See PHASES in packages/run. */
  readonly phase: string;
  readonly startNs: number | null;
  /** Since it began, with and without its pauses. */
  readonly ageNs: number | null;
  readonly activeNs: number | null;
  readonly lastLine?: string;
}

/** Most tests of one answer. */
const MAX_TESTS = 1000;
/** Of so many of them, the longest first, the last line is read out of the log. */
const MAX_LAST_LINES = 50;

/** `nowNs`: since the run's first event; undefined when nothing tells. */
export async function readNow(
  runId: string,
  state: RunState,
  output: OutputReader,
  nowNs: Ns | undefined,
): Promise<NowAnswer> {
  const tests = [...iterateRows(state.tests)].filter(({ outcome }) => outcome === 'running');
  tests.sort((a, b) => (a.startNs ?? 0) - (b.startNs ?? 0) || a.row - b.row);
  const running: NowTest[] = [];
  for (const test of tests.slice(0, MAX_TESTS)) {
    const lastLine = running.length < MAX_LAST_LINES ? await lastLineOf(output, state, test) : undefined;
    running.push({
      package: rowAt(state.packages, test.package)?.name ?? '',
      test: test.name,
      occurrence: test.occurrence,
      phase: test.phase ?? 'running',
      startNs: test.startNs ?? null,
      ageNs: wallNsOf(state, test, nowNs) ?? null,
      activeNs: activeNsOf(state, test, nowNs) ?? null,
      ...(lastLine === undefined ? {} : { lastLine }),
    });
  }
  return { schema: SCHEMA, run: runId, nowNs: nowNs ?? null, running };
}

async function lastLineOf(reader: OutputReader, state: RunState, test: TestState): Promise<string | undefined> {
  if (test.output.length === 0) return undefined;
  const answer = await reader.read(state, { kind: 'test', row: test.row }, { from: 0, limit: 1, isTail: true });
  return answer.lines.at(-1)?.text;
}
