import { iterateRows, ns, rowAt } from '@observe/base';
import { SCHEMA, type OutputAnswer } from '@observe/protocol';
import { createOutputReader, type OutputOf, type OutputReader, type Page } from '@observe/query';
import { activeNsOf, wallNsOf, type RunState, type TestState } from '@observe/run';
import type { Runs, RunView } from './runs.ts';

/** Most tests of one `now`. */
const MAX_NOW = 1000;
/** Of so many of them, the longest first, the last line is read out of the log. */
const MAX_LAST_LINES = 50;
/** Output readers kept: each remembers where lines lie in one run. */
const MAX_READERS = 6;

/** `GET /api/runs/:id/now`: what runs right now, the longest first. Times are ns since the run's first event. */
export interface NowAnswer {
  readonly schema: number;
  readonly run: string;
  readonly nowNs: number | null;
  readonly isLive: boolean;
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

/** Answers that need the log. */
export class Answers {
  readonly #runs: Runs;
  readonly #readers = new Map<string, OutputReader>();

  constructor(runs: Runs) {
    this.#runs = runs;
    runs.listen({ changed: () => undefined, gone: (id) => this.#readers.delete(id) });
  }

  output({ id, state }: RunView, of: OutputOf, page: Page): Promise<OutputAnswer> {
    const reader = this.#readers.get(id) ?? createOutputReader({ read: (from, to) => this.#runs.read(id, from, to) });
    this.#readers.delete(id);
    this.#readers.set(id, reader); // the last is the one used last
    const oldest = this.#readers.keys().next().value;
    if (this.#readers.size > MAX_READERS && oldest !== undefined) this.#readers.delete(oldest);
    return reader.read(state, of, page);
  }

  async now(view: RunView): Promise<NowAnswer> {
    const { id, state, isLive } = view;
    const nowNs = view.nowNs ?? state.lastNs ?? null;
    const tests = [...iterateRows(state.tests)].filter(({ outcome }) => outcome === 'running');
    tests.sort((a, b) => (a.startNs ?? 0) - (b.startNs ?? 0) || a.row - b.row);
    const running: NowTest[] = [];
    for (const test of tests.slice(0, MAX_NOW)) {
      const lastLine = running.length < MAX_LAST_LINES ? await this.#lastLine(view, test) : undefined;
      running.push({ ...nowOf(state, test, nowNs), ...(lastLine === undefined ? {} : { lastLine }) });
    }
    return { schema: SCHEMA, run: id, nowNs, isLive, running };
  }

  async #lastLine(view: RunView, test: TestState): Promise<string | undefined> {
    if (test.output.length === 0) return undefined;
    const answer = await this.output(view, { kind: 'test', row: test.row }, { from: 0, limit: 1, isTail: true });
    return answer.lines.at(-1)?.text;
  }
}

function nowOf(state: RunState, test: TestState, nowNs: number | null): NowTest {
  const at = nowNs === null ? undefined : ns(nowNs);
  return {
    package: rowAt(state.packages, test.package)?.name ?? '',
    test: test.name,
    occurrence: test.occurrence,
    phase: test.phase ?? 'running',
    startNs: test.startNs ?? null,
    ageNs: wallNsOf(state, test, at) ?? null,
    activeNs: activeNsOf(state, test, at) ?? null,
  };
}
