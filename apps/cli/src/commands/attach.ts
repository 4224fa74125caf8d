import { plural } from '@observe/base';
import type { ArtifactFacts } from '@observe/protocol';
import { EXIT, Problem } from '../problem.ts';
import { addArtifact } from '../runs/add-artifacts.ts';
import { asJson, openRuns } from '../runs/run-access.ts';
import { safeText } from '../terminal/text.ts';
import type { World } from '../world.ts';

/** `observe attach RUN FILE…`. Resolves to the exit code: a file that is refused keeps no other from being added. */
export async function attach(
  wanted: string,
  paths: readonly string[],
  { isJson }: { isJson: boolean },
  world: World,
): Promise<number> {
  const { id } = await (await openRuns(world.home)).find(wanted);
  const { added, code } = await addAll(id, paths, world);
  if (isJson) world.stdout.write(asJson({ run: { id }, artifacts: added }));
  else for (const artifact of added) world.stdout.write(`${id}  ${artifactWords(artifact)}\n`);
  return code;
}

/** Adds what can be added, and says on stderr what cannot. */
export async function addAll(
  runId: string,
  paths: readonly string[],
  world: World,
): Promise<{ readonly added: readonly ArtifactFacts[]; readonly code: number }> {
  const added: ArtifactFacts[] = [];
  for (const path of paths) {
    try {
      added.push(await addArtifact(runId, path, world));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      world.stderr.write(`observe: ${error.message}\n`);
    }
  }
  return { added, code: added.length === paths.length ? EXIT.ok : EXIT.problem };
}

const FORMAT_WORDS = {
  trace: 'execution trace',
  pprof: 'profile',
  coverage: 'coverage profile',
  dump: 'goroutine dump',
  unknown: 'file',
} as const;

export const artifactWords = ({ name, format, bytes }: ArtifactFacts): string =>
  `${safeText(name, false)}: ${FORMAT_WORDS[format]}, ${plural(bytes ?? 0, 'byte')}`;
