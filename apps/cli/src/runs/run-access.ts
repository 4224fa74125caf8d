import { SCHEMA, shownRun, shownRuns, type RunSummary, type ShownRun } from '@observe/protocol';
import { createOutputReader, readNow, showRun, type NowAnswer } from '@observe/query';
import { openFileStore, type FileStore } from '@observe/store';
import { callApi } from '../collector/api.ts';
import { findCollector, type Collector } from '../collector/collector.ts';
import { Problem } from '../problem.ts';
import { monotonicNs } from '../pipe/recorder.ts';
import { liveNowNs } from '../report/run-watch.ts';
import { foldRun, type FoldedRun } from './folded-run.ts';

/** The one door to the kept runs. Where a collector answers it is asked, for it has them folded; the answers are the same without one. */
export interface RunAccess {
  /** Live ones first, then the newest. */
  list(): Promise<readonly RunSummary[]>;
  /** `wanted`: an id, a unique prefix of one, or `last`. Problem: there is none such, or several. */
  find(wanted: string): Promise<RunSummary>;
  show(id: string): Promise<ShownRun>;
  now(id: string): Promise<NowAnswer>;
  /** The run's state and log, out of the file store in any case: reading needs nobody's leave. */
  fold(id: string): Promise<FoldedRun>;
}

export async function openRuns(home: string): Promise<RunAccess> {
  const store = openFileStore(home);
  const collector = await findCollector(home);
  const list = collector === undefined ? () => listStore(store) : () => listCollector(collector);
  return {
    list,
    find: async (wanted) => pick(await list(), wanted),
    async show(id) {
      if (collector !== undefined) return shownRun.parse(await callApi(collector, 'GET', `/api/runs/${id}/tests`));
      const run = await foldRun(store, id);
      return showRun(run.state, run.summary, (await run.traces()).ask({ kind: 'tests' }).tests);
    },
    async now(id) {
      if (collector !== undefined) return (await callApi(collector, 'GET', `/api/runs/${id}/now`)) as NowAnswer;
      const run = await foldRun(store, id);
      return readNow(id, run.state, createOutputReader(run.log), liveNowNs(run.state, monotonicNs()));
    },
    fold: (id) => foldRun(store, id),
  };
}

const listCollector = async (collector: Collector): Promise<readonly RunSummary[]> =>
  shownRuns.parse(await callApi(collector, 'GET', '/api/runs')).runs;

async function listStore(store: FileStore): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const { id, summary } of await store.list()) {
    if (summary === undefined) continue;
    // Its writer is gone and has not said so: the next collector will.
    const isLost = summary.verdict === 'running' && !(await store.isHeld(id));
    runs.push(isLost ? { ...summary, verdict: 'lost' } : summary);
  }
  return runs.sort((a, b) => isLive(b) - isLive(a) || (a.id < b.id ? 1 : -1));
}

const isLive = ({ verdict }: RunSummary): number => (verdict === 'running' ? 1 : 0);

/** As `GET /api/runs/:id` understands it. */
export function pick(runs: readonly RunSummary[], wanted: string): RunSummary {
  if (wanted === 'last') {
    const last = runs.reduce<RunSummary | undefined>((a, b) => (a === undefined || b.id > a.id ? b : a), undefined);
    if (last === undefined) throw new Problem('there are no runs yet; make one: go test -json ./... | observe');
    return last;
  }
  const exact = runs.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const found = runs.filter(({ id }) => wanted !== '' && id.startsWith(wanted));
  const [first] = found;
  if (first === undefined) throw new Problem(`no run ${JSON.stringify(wanted)}; \`observe runs\` lists them`);
  if (found.length === 1) return first;
  const ids = found.slice(0, 5).map(({ id }) => id);
  throw new Problem(
    `${JSON.stringify(wanted)} begins ${found.length} ids: ${ids.join(', ')}${found.length > 5 ? ' …' : ''}; give more of it`,
  );
}

/** The envelope of every `--json`. */
export const asJson = (value: object): string => `${JSON.stringify({ schema: SCHEMA, ...value }, undefined, 2)}\n`;
