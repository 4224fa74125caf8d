import { quotedForGo, writeWrapper } from '../capture/wrapper.ts';
import { Problem } from '../problem.ts';
import type { World } from '../world.ts';

/** `observe exec-path`: the wrapper, as `go test -exec` wants it written. */
export async function execPath(world: World): Promise<void> {
  if (process.platform === 'win32') throw new Problem('capture needs a POSIX shell, which Windows has not');
  const path = quotedForGo(await writeWrapper(world.home));
  if (path === undefined)
    throw new Problem(`OBSERVE_HOME=${world.home} has both kinds of quotes in it, which go test -exec cannot take`);
  world.stdout.write(`${path}\n`);
}
