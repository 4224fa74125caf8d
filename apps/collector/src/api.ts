import { existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { SCHEMA } from '@observe/protocol';
import { MAX_LINES, readReports, showRun, type OutputOf } from '@observe/query';
import type { RunState } from '@observe/run';
import { encodeRecord, snapshotOf, snapshotTraces } from '@observe/store';
import { json, Router, type Request, type Response } from 'express';
import * as z from 'zod';
import type { Answers } from './answers.ts';
import { HttpError } from './http-error.ts';
import { buildRow, packageRow, read, testRow } from './queries.ts';
import type { Runs, RunView } from './runs.ts';
import { addTraceRoutes } from './traces/trace-api.ts';
import type { Traces } from './traces/traces.ts';

const DEFAULT_LINES = 1000;

export interface RunsApiParts {
  readonly runs: Runs;
  readonly traces: Traces;
  readonly answers: Answers;
  /** File of the single-file page. */
  readonly snapshotPage: string;
}

/** `/api/runs` and below. Who asks has been checked. */
export function runsApi({ runs, traces, answers, snapshotPage }: RunsApiParts): Router {
  const router = Router();

  /** The run that `:id` names: an id, a unique beginning of one, or `last`. */
  const idOf = async (request: Request<{ id: string }>): Promise<string> => {
    const { id } = request.params;
    if (id !== 'last' && (await runs.has(id))) return id;
    const ids = (await runs.list()).map((run) => run.id).sort();
    if (id === 'last') {
      const last = ids.at(-1);
      if (last !== undefined) return last;
      throw new HttpError(404, 'unknown-run', 'there is no run yet: pipe one in with `go test -json ./... | observe`');
    }
    const matches = ids.includes(id) ? [id] : ids.filter((one) => one.startsWith(id));
    const [match, another] = matches;
    if (match === undefined)
      throw new HttpError(404, 'unknown-run', `there is no run ${JSON.stringify(id)}; GET /api/runs lists them`);
    if (another !== undefined) {
      throw new HttpError(
        409,
        'ambiguous-run',
        `${JSON.stringify(id)} begins the ids of ${matches.length} runs, ${match} and ${another} among them; give more of it`,
      );
    }
    return match;
  };
  const viewOf = async (request: Request<{ id: string }>): Promise<RunView> => {
    const view = await runs.view(await idOf(request));
    if (view === undefined)
      throw new HttpError(
        404,
        'unknown-run',
        `there is no run ${JSON.stringify(request.params.id)}; it may have been deleted`,
      );
    return view;
  };

  router.get('/', async (_request, response) => {
    response.json({ schema: SCHEMA, runs: await runs.list() });
  });

  router.get('/:id', async (request, response) => {
    const { summary, isLive, nowNs } = await viewOf(request);
    response.json({ schema: SCHEMA, run: summary, isLive, nowNs });
  });

  router.get('/:id/tests', async (request, response) => {
    const view = await viewOf(request);
    response.json(showRun(view.state, view.summary, await traces.tests(view)));
  });
  addTraceRoutes(router, { traces, runs, viewOf });

  router.get('/:id/output', async (request, response) => {
    const query = read(outputQuery, request.query);
    const view = await viewOf(request);
    const page = { from: query.from, limit: query.limit, isTail: query.tail };
    response.json(await answers.output(view, outputOf(view.state, query), page));
  });

  router.get('/:id/reports', async (request, response) => {
    const query = read(packageQuery, request.query);
    const view = await viewOf(request);
    const log = { read: (from: number, to: number) => runs.read(view.id, from, to) };
    response.json(await readReports(view.state, log, packageRow(view.state, query.package)));
  });

  router.get('/:id/now', async (request, response) => {
    response.json(await answers.now(await viewOf(request)));
  });

  router.get('/:id/log', async (request, response) => {
    const id = await idOf(request);
    await sendFile(response, `${id}.events.jsonl`, encoded(runs, id));
  });

  router.get('/:id/snapshot', async (request, response) => {
    const view = await viewOf(request);
    if (!existsSync(snapshotPage))
      throw new HttpError(503, 'not-built', `the page for snapshots is not built: there is no ${snapshotPage}`);
    const records = runs.readRaw(view.id, 1, view.state.seq + 1);
    const artifacts = await snapshotTraces(runs, view.id, view.state.artifacts);
    await sendFile(response, `observe-${view.id}.html`, snapshotOf(snapshotPage, view.summary, records, artifacts));
  });

  router.patch('/:id', json({ limit: '16kb' }), async (request: Request<{ id: string }>, response) => {
    const { name } = read(renaming, request.body);
    const id = await idOf(request);
    if (!(await runs.rename(id, name)))
      throw new HttpError(507, 'no-space', `${id} keeps its name: that could not be written`);
    response.json({ schema: SCHEMA, run: (await viewOf(request)).summary });
  });

  router.delete('/:id', async (request, response) => {
    const id = await idOf(request);
    if (id !== request.params.id) throw new HttpError(400, 'whole-id', `give the whole id to delete a run: ${id}`);
    if (runs.isOpen(id)) throw new HttpError(409, 'held', `${id} is still being written; wait for it to end`);
    await runs.delete(id);
    response.status(204).end();
  });

  return router;
}

const row = z.coerce.number<string>().int().nonnegative();
const outputQuery = z.object({
  kind: z.enum(['test', 'package', 'process', 'build', 'strays']).optional(),
  row: row.optional(),
  package: z.string().optional(),
  test: z.string().optional(),
  occurrence: z.coerce.number<string>().int().positive().default(1),
  from: row.default(0),
  limit: z.coerce.number<string>().int().positive().max(MAX_LINES).default(DEFAULT_LINES),
  tail: z
    .enum(['true', 'false', '1', '0'])
    .default('false')
    .transform((text) => text === 'true' || text === '1'),
});
const packageQuery = z.object({ package: z.string() });
const renaming = z.strictObject({ name: z.string().trim().min(1).max(200) });

/** Whose output is asked for: by row, as the page does, or by name. */
function outputOf(state: RunState, query: z.output<typeof outputQuery>): OutputOf {
  const kind = query.kind ?? (query.test === undefined ? 'package' : 'test');
  if (kind === 'strays') return { kind };
  if (query.row !== undefined) return { kind, row: query.row };
  if (query.package === undefined)
    throw new HttpError(400, 'bad-request', 'say whose output: ?package= (with &test=), or ?kind= and &row=');
  switch (kind) {
    case 'test':
      return { kind, row: testRow(state, query.package, query.test ?? '', query.occurrence) };
    case 'build':
      return { kind, row: buildRow(state, query.package) };
    default:
      return { kind, row: packageRow(state, query.package) };
  }
}

/** Something to keep, as fast as the asker takes it. Never to be shown by the browser: it is of our origin, but not our page. */
async function sendFile(response: Response, name: string, parts: AsyncIterable<Uint8Array | string>): Promise<void> {
  response.type('application/octet-stream').attachment(name);
  const source = Readable.from(parts, { objectMode: false, highWaterMark: 1024 * 1024 });
  await pipeline(source, response).catch((error: unknown) => {
    if (!response.destroyed) throw error; // else the asker has gone
  });
}

async function* encoded(runs: Runs, id: string): AsyncGenerator<Buffer> {
  for await (const record of runs.readRaw(id, 1, Infinity)) yield encodeRecord(record);
}
