import { expect, test } from 'vitest';
import { readCommand } from './options.ts';

const read = (args: readonly string[], env: Record<string, string> = {}): ReturnType<typeof readCommand> =>
  readCommand(args, env, { home: '/home', web: '/web' });

test('without arguments it is a collector of this machine alone, which leaves when idle', () => {
  expect(read([]).options).toEqual({
    home: '/home',
    host: '127.0.0.1',
    port: undefined,
    token: undefined,
    allowedHosts: [],
    idleMs: 600_000,
    graceMs: 10_000,
    web: '/web',
    logLevel: 'info',
  });
});

test('arguments and OBSERVE_TOKEN are taken', () => {
  const { options } = read(['--data=/d', '--port=0', '--host', '::1', '--allow-host=a', '--allow-host=b'], {
    OBSERVE_TOKEN: 'from-the-env',
  });
  expect(options).toMatchObject({ home: '/d', port: 0, host: '::1', allowedHosts: ['a', 'b'], token: 'from-the-env' });
});

test('a wrong argument is told with its value', () => {
  for (const [args, message] of [
    [['--port', 'x'], '--port x: not a whole number'],
    [['--port', '-1'], '--port'],
    [['--log-level', 'loud'], '--log-level loud: not one of debug'],
    [['--token', 'short'], '--token: 8 to 512'],
    [['--token', 'with a space in it'], '--token: 8 to 512'],
    [['extra'], 'extra'],
  ] as const) {
    expect(() => read(args)).toThrow(message);
  }
});
