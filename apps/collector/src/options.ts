import { parseArgs } from 'node:util';

export const DEFAULT_PORT = 7117;

export interface CollectorOptions {
  /** OBSERVE_HOME. */
  readonly home: string;
  /** Address to listen on. */
  readonly host: string;
  /** Undefined: DEFAULT_PORT, or another when that one is taken. 0: any. */
  readonly port: number | undefined;
  /** Undefined: the home's own, which stays the same from one start to the next. */
  readonly token: string | undefined;
  /** Names besides those of this machine under which browsers may ask for it. */
  readonly allowedHosts: readonly string[];
  /** Leaves after so long without producer, viewer and request; 0 = never. */
  readonly idleMs: number;
  /** How long a producer may be gone before its run is called lost. */
  readonly graceMs: number;
  /** Directory of the built page. */
  readonly web: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export const HELP = `The collector of observe: takes runs, keeps them, shows them.

Usage: collector [options]

  --home DIR         where runs are kept (also --data; default: OBSERVE_HOME, else the platform's data directory)
  --host ADDRESS     address to listen on (default: 127.0.0.1, this machine only)
  --port PORT        port to listen on (default: ${DEFAULT_PORT}, or a free one; 0: any free one)
  --token TOKEN      what requests must carry (default: OBSERVE_TOKEN, else made once and kept in the home)
  --allow-host NAME  a further name under which browsers may reach it, such as that of a proxy; may be repeated
  --idle-ms MS       leaves after so long without producer, viewer or request (default: 600000; 0: never)
  --grace-ms MS      how long a producer may be gone before its run is called lost (default: 10000)
  --web DIR          the built page
  --log-level LEVEL  debug, info (default), warn, error or silent; the log is in the home
  --json             prints {"host","port","pid","url","home"} when it listens, instead of a sentence
  --help

Exit codes: 0 stopped or idle · 1 a fault of its own · 2 it could not start as told · 3 this home has a collector already
`;

export interface Command {
  readonly options: CollectorOptions;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Throws an Error for people when an argument is wrong. `defaults`: what depends on the machine. */
export function readCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  defaults: { readonly home: string; readonly web: string },
): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      home: { type: 'string' },
      data: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      token: { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      'idle-ms': { type: 'string' },
      'grace-ms': { type: 'string' },
      web: { type: 'string' },
      'log-level': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const logLevel = LEVELS.find((level) => level === (values['log-level'] ?? 'info'));
  if (logLevel === undefined) throw new Error(`--log-level ${values['log-level']}: not one of ${LEVELS.join(', ')}`);
  const token = values.token ?? (env.OBSERVE_TOKEN || undefined);
  if (token !== undefined && !/^[\x21-\x7e]{8,512}$/.test(token)) {
    throw new Error('--token: 8 to 512 visible ASCII characters without spaces, or a browser cannot send it');
  }
  return {
    options: {
      home: values.home ?? values.data ?? defaults.home,
      host: values.host ?? '127.0.0.1',
      port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 65_535),
      token,
      allowedHosts: values['allow-host'] ?? [],
      idleMs: wholeNumber('--idle-ms', values['idle-ms'] ?? '600000', 2 ** 31 - 1),
      graceMs: wholeNumber('--grace-ms', values['grace-ms'] ?? '10000', 2 ** 31 - 1),
      web: values.web ?? defaults.web,
      logLevel,
    },
    isJson: values.json === true,
    isHelp: values.help === true,
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(value <= most)) throw new Error(`${name} ${text}: not a whole number from 0 to ${most}`);
  return value;
}
