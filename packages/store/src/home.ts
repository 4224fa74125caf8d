import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { runId } from '@observe/protocol';

/**
 * Directory that holds the runs and the collector's file: OBSERVE_HOME, else the platform's directory for data.
 * Not made here. A relative XDG_DATA_HOME is not valid (XDG Base Directory Specification) and is passed over.
 */
export function observeHome(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  if (env.OBSERVE_HOME !== undefined && env.OBSERVE_HOME !== '') return resolve(env.OBSERVE_HOME);
  const home = (platform === 'win32' ? env.USERPROFILE : env.HOME) || homedir();
  switch (platform) {
    case 'win32':
      return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'observe');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'observe');
    default: {
      const data = env.XDG_DATA_HOME;
      return join(data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share'), 'observe');
    }
  }
}

export const runsDir = (home: string): string => join(home, 'runs');
export const spoolsDir = (home: string): string => join(home, 'spool');
export const collectorLogPath = (home: string): string => join(home, 'log', 'collector.log');

/** Whether a name may become a directory: the one check between what others send us and a path. */
export const isRunId = (id: string): boolean => runId.safeParse(id).success;
