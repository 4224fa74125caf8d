import { SCHEMA, type ArtifactsAnswer, type ShownArtifact } from '@observe/protocol';
import { MAX_GOROUTINES, MAX_WIDTH, type GoroutinesOf } from '@observe/query';
import type { RunState } from '@observe/run';
import { openArtifactSource } from '@observe/store';
import type { Request, Router } from 'express';
import * as z from 'zod';
import { packageRow, read, testRow } from '../queries.ts';
import type { Runs, RunView } from '../runs.ts';
import { ArtifactShelf } from './artifact-shelf.ts';
import type { Traces } from './traces.ts';

interface TraceApiParts {
  readonly traces: Traces;
  readonly runs: Runs;
  readonly viewOf: (request: Request<{ id: string }>) => Promise<RunView>;
}

/** What execution traces and other artifacts answer, below `/api/runs/:id`. */
export function addTraceRoutes(router: Router, { traces, runs, viewOf }: TraceApiParts): void {
  const shelf = new ArtifactShelf(runs, traces);

  router.get('/:id/processes', async (request, response) => {
    response.json(await traces.ask(await viewOf(request), { kind: 'processes' }));
  });

  router.get('/:id/series', async (request, response) => {
    const query = read(whose.extend(windowed.shape), request.query);
    const view = await viewOf(request);
    const { fromNs, toNs, width } = windowOf(query, view);
    response.json(await traces.ask(view, { kind: 'series', of: goroutinesOf(view.state, query), fromNs, toNs, width }));
  });

  router.get('/:id/goroutines', async (request, response) => {
    const query = read(whose.extend(paged.shape), request.query);
    const view = await viewOf(request);
    const of = goroutinesOf(view.state, query);
    response.json(await traces.ask(view, { kind: 'goroutines', of, from: query.from, limit: query.limit }));
  });

  router.get('/:id/lanes', async (request, response) => {
    const query = read(lanesQuery, request.query);
    const view = await viewOf(request);
    const { fromNs, toNs, width } = windowOf(query, view);
    response.json(await traces.ask(view, { kind: 'lanes', goroutines: query.goroutine, fromNs, toNs, width }));
  });

  router.put('/:id/artifacts/:name', async (request: Request<{ id: string; name: string }>, response) => {
    const { id } = await viewOf(request);
    const { name } = read(named, request.params);
    const { format, words, bytes } = await openArtifactSource(name, request);
    const { run, release } = await runs.open(id);
    try {
      const artifact = await run.addArtifact({ name, format }, bytes);
      response.status(201).json({ schema: SCHEMA, artifact, words });
    } finally {
      release();
    }
  });

  router.get('/:id/artifacts', async (request, response) => {
    const view = await viewOf(request);
    const sizes = await runs.artifactSizes(view.id);
    const artifacts: ShownArtifact[] = [];
    for (const facts of view.state.artifacts) artifacts.push(await shelf.show(view, facts, sizes.get(facts.id) ?? 0));
    response.json({ schema: SCHEMA, artifacts } satisfies ArtifactsAnswer);
  });
}

/** For people, and never a path: what it is kept as is made of it. */
const named = z.object({ name: z.string().regex(/^[^/\\\0]{1,255}$/, 'should be a file name without directories') });
const count = z.coerce.number<string>().int().nonnegative();
const time = z.coerce.number<string>();
const DEFAULT_WIDTH = 1000;

/** By row, as the page asks, or by name. */
const whose = z.object({
  kind: z.enum(['run', 'package', 'test']).optional(),
  row: count.optional(),
  package: z.string().optional(),
  test: z.string().optional(),
  occurrence: z.coerce.number<string>().int().positive().default(1),
});
/** Absent bounds: the whole run, up to now. */
const windowed = z.object({
  fromNs: time.default(0),
  toNs: time.optional(),
  width: z.coerce.number<string>().int().positive().max(MAX_WIDTH).default(DEFAULT_WIDTH),
});
const paged = z.object({
  from: count.default(0),
  limit: z.coerce.number<string>().int().positive().max(MAX_GOROUTINES).default(100),
});
/** `goroutine=<artifact>:<goid>`, once or several times. */
const goroutine = z
  .string()
  .regex(/^[0-9a-z][0-9a-z-]*:\d{1,16}$/, 'should be <artifact>:<goroutine>, as trace-4711:23')
  .transform((text) => {
    const colon = text.indexOf(':');
    return { process: text.slice(0, colon), goid: Number(text.slice(colon + 1)) };
  });
const lanesQuery = windowed.extend({
  goroutine: z.union([goroutine.transform((one) => [one]), z.array(goroutine).max(MAX_GOROUTINES)]).default([]),
});

function windowOf(
  { fromNs, toNs, width }: z.output<typeof windowed>,
  { state, nowNs }: RunView,
): { fromNs: number; toNs: number; width: number } {
  return { fromNs, toNs: Math.max(fromNs + 1, toNs ?? nowNs ?? state.lastNs ?? 1), width };
}

function goroutinesOf(state: RunState, query: z.output<typeof whose>): GoroutinesOf {
  const kind = query.kind ?? (query.test !== undefined ? 'test' : query.package !== undefined ? 'package' : 'run');
  if (kind === 'run') return { kind };
  if (query.row !== undefined) return { kind, row: query.row };
  const name = query.package ?? '';
  return kind === 'package'
    ? { kind, row: packageRow(state, name) }
    : { kind, row: testRow(state, name, query.test ?? '', query.occurrence) };
}
