import { observeHome } from '@observe/store';
import { isColorful, isLive, styleFor, type Style } from './terminal/style.ts';

/** What the commands take from the process they run in. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** OBSERVE_HOME. */
  readonly home: string;
  /** The collector's program. */
  readonly collectorProgram: string;
  /** The page for snapshots, one file. */
  readonly snapshotPage: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Styles of the two. */
  readonly out: Style;
  readonly err: Style;
  /** Whether stderr is a terminal whose lines may be painted over. */
  readonly isLive: boolean;
}

export function createWorld(program: Pick<World, 'version' | 'collectorProgram' | 'snapshotPage'>): World {
  const { env, stdout, stderr } = process;
  return {
    ...program,
    env,
    home: observeHome(env, process.platform),
    stdout,
    stderr,
    out: styleFor(isColorful(stdout, env)),
    err: styleFor(isColorful(stderr, env)),
    isLive: isLive(stderr, env),
  };
}
