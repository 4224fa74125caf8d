import type { ArtifactFacts } from '@observe/protocol';
import { artifactIdOf } from './artifact-source.ts';
import { NO_PAYLOAD, withSeq } from './raw-record.ts';
import type { RunStore, RunWriter } from './run-store.ts';

/** Names who adds to a run by hand. */
const PRODUCER = 'by-hand';

/** Keeps an artifact beside a run that the caller writes, and says so in its log. Errors are StoreErrors; then it is not part of the run. */
export async function keepArtifact(
  store: RunStore,
  writer: RunWriter,
  facts: Pick<ArtifactFacts, 'name' | 'format' | 'label' | 'package'>,
  bytes: AsyncIterable<Uint8Array>,
): Promise<ArtifactFacts> {
  const taken = await store.artifactSizes(writer.runId);
  const id = artifactIdOf(facts.name, (one) => taken.has(one));
  let at = 0;
  for await (const piece of bytes) at = await writer.putChunk(id, at, piece);
  const artifact: ArtifactFacts = { id, ...facts, state: 'whole', bytes: at };
  const header = { kind: 'artifact', line: writer.have(PRODUCER) + 1, monoNs: 0, artifact } as const;
  await writer.append([{ header: withSeq(header, writer.head + 1, PRODUCER), payload: NO_PAYLOAD }]);
  return artifact;
}
