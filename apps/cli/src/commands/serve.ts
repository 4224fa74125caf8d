import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Problem } from '../problem.ts';
import type { World } from '../world.ts';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly token?: string;
}

/** `observe serve`: this process becomes the collector, in the foreground; it ends the process itself. */
export async function serve({ host, port, data, token }: ServeOptions, world: World): Promise<never> {
  if (!existsSync(world.collectorProgram)) {
    throw new Problem(
      `the collector is not built (${world.collectorProgram} is missing): run \`npm run build\` in the repository`,
    );
  }
  const args = Object.entries({ host, port, token, home: data ?? world.home }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  // It is a program of its own, which reads its command line; only a person who asks for it stops it.
  process.argv = [process.execPath, world.collectorProgram, ...args, '--idle-ms', '0'];
  await import(pathToFileURL(world.collectorProgram).href);
  return new Promise<never>(() => undefined);
}
