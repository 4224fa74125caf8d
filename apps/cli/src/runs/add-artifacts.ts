import { basename } from 'node:path';
import { artifactFacts, type ArtifactFacts } from '@observe/protocol';
import { summaryOf } from '@observe/run';
import { keepArtifact, openArtifactSource, openFileStore, StoreError } from '@observe/store';
import { request } from '../collector/api.ts';
import { findCollector, type Collector } from '../collector/collector.ts';
import { openUnpacked } from '../files/unpacked-file.ts';
import { Problem } from '../problem.ts';
import type { World } from '../world.ts';
import { foldRun } from './folded-run.ts';

/**
 * Keeps a file beside a run: an execution trace, a profile, a coverage profile, a dump, packed or not, told by what it holds. A
 * collector that answers does it, for it may be writing the run. Problem: it is none of these, cannot be read, or cannot be kept.
 */
export async function addArtifact(runId: string, path: string, world: World): Promise<ArtifactFacts> {
  const collector = await findCollector(world.home);
  try {
    return await (collector === undefined ? keep(runId, path, world.home) : hand(collector, runId, path));
  } catch (error) {
    throw error instanceof StoreError ? new Problem(error.message) : error;
  }
}

async function hand(collector: Collector, runId: string, path: string): Promise<ArtifactFacts> {
  const { bytes } = await openUnpacked(path);
  const name = encodeURIComponent(basename(path));
  const answer = await request(collector, 'PUT', `/api/runs/${runId}/artifacts/${name}`, bytes);
  return artifactFacts.parse(((await answer.json()) as { artifact?: unknown }).artifact);
}

async function keep(runId: string, path: string, home: string): Promise<ArtifactFacts> {
  const name = basename(path);
  const { format, bytes } = await openArtifactSource(path, (await openUnpacked(path)).bytes);
  const store = openFileStore(home);
  const writer = await store.claim(runId, 'observe attach');
  try {
    const artifact = await keepArtifact(store, writer, { name, format }, bytes);
    const { state, summary } = await foldRun(store, runId);
    await writer.putSummary(summaryOf(state, { id: runId, bytes: writer.bytes, wall: summary.startedAt }));
    return artifact;
  } finally {
    await writer.release();
  }
}
