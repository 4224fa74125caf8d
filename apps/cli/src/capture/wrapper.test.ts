import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseRecord } from './capture-record.ts';
import { looseDir, quotedForGo, wrapperEnv, writeWrapper, type WrapperOptions } from './wrapper.ts';

test('quotes a word as Go reads it, where that is possible', () => {
  expect(['/a/b', '/a b', "/it's", 'a "b"', `it's "b"`].map(quotedForGo)).toEqual([
    '/a/b',
    "'/a b'",
    `"/it's"`,
    `'a "b"'`,
    undefined,
  ]);
});

describe.skipIf(process.platform === 'win32')('the wrapper', () => {
  let root: string;
  let home: string;
  /** Prints its arguments, one a line, then its environment. */
  let binary: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'observe-wrapper-'));
    home = join(root, `it's "home"`);
    binary = join(root, 'a b.test');
    writeFileSync(binary, '#!/bin/sh\necho "pid=$$"\nprintf "%s\\n" "$@"\necho ENV\nenv\n', { mode: 0o700 });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What the binary saw, and what the record says. */
  async function run(args: readonly string[], options: WrapperOptions = {}, env: NodeJS.ProcessEnv = {}) {
    const path = await writeWrapper(home);
    const text = execFileSync(path, args, {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PWD: root, ...env, ...wrapperEnv(options) },
    });
    const [pid, ...lines] = text.split('\n');
    const id = Number(pid?.slice(4));
    const file = join(options.dir ?? looseDir(home), `${id}.process`);
    const names = readdirSync(options.dir ?? looseDir(home));
    return {
      id,
      args: lines.slice(0, lines.indexOf('ENV')),
      env: lines.slice(lines.indexOf('ENV') + 1),
      record: names.length === 0 ? undefined : parseRecord(readFileSync(file, 'utf8')),
    };
  }

  test('adds -test.trace in front of the flags, says who it is, and becomes the test', async () => {
    const { id, args, record, env } = await run([binary, '-test.v=test2json', '-test.run=a  b', 'x y', '']);
    const trace = join(looseDir(home), `${id}.trace`);
    expect(args).toEqual([`-test.trace=${trace}`, '-test.v=test2json', '-test.run=a  b', 'x y', '']);
    expect(record).toMatchObject({ pid: id, parent: process.pid, directory: root, binary, trace, profiles: new Map() });
    if (process.platform === 'linux') expect(record?.stdout).toBe(readlinkSync('/proc/self/fd/1'));
    expect(env.join('\n')).not.toMatch(/observe_|GODEBUG|OBSERVE_CAPTURE/);
  });

  test('a program of the user’s own comes first', async () => {
    const own = join(root, 'own');
    writeFileSync(own, '#!/bin/sh\nshift\nexec "$@"\n', { mode: 0o700 });
    const { args, record } = await run([own, 'two words', binary, '-test.v']);
    expect([args.length, record?.binary]).toEqual([2, binary]);
  });

  test.each([
    [['-test.trace=own'], 'own'],
    [['--test.trace', 'own'], 'own'],
    [['-test.trace=first', '-test.trace=/abs/own'], '/abs/own'],
    [['-test.trace=own', '-test.outputdir=out'], 'out/own'],
  ])('a trace of the user’s own wins: %j', async (flags, path) => {
    const { args, record } = await run([binary, ...flags]);
    expect([args, record?.trace]).toEqual([flags, path.startsWith('/') ? path : join(root, path)]);
  });

  test('fuzzing, and what is no test, run as they are', async () => {
    expect(await run([binary, '-test.fuzz=FuzzX'])).toMatchObject({ args: ['-test.fuzz=FuzzX'], record: undefined });
    expect(await run([binary, 'x'])).toMatchObject({ args: ['x'], record: undefined });
    expect((await run([binary, '-test.fuzz='])).args).toHaveLength(2);
  });

  test('profiles, the rate of the trace and what is not traced are told by the environment', async () => {
    const dir = join(root, 'of one run');
    mkdirSync(dir);
    const options = { dir, profiles: ['cpu', 'mutex'], periodNs: 2e8 } as const;
    const { id, args, env, record } = await run([binary, '-test.v', '-test.cpuprofile=own'], options, {
      GODEBUG: 'x=1',
    });
    expect(args).toEqual([
      `-test.trace=${dir}/${id}.trace`,
      `-test.mutexprofile=${dir}/${id}.mutex`,
      '-test.v',
      '-test.cpuprofile=own',
    ]);
    expect(env).toContain('GODEBUG=x=1,traceadvanceperiod=200000000');
    expect(env.join('\n')).not.toContain('OBSERVE_CAPTURE');
    expect([...(record?.profiles ?? [])]).toEqual([
      ['cpu', join(root, 'own')],
      ['mutex', `${dir}/${id}.mutex`],
    ]);
    for (const noTrace of ['all', ['/other', root]] as const) {
      const { args, env } = await run([binary, '-test.v'], { dir, noTrace, periodNs: 1 });
      expect([args, env.join('\n').includes('GODEBUG')]).toEqual([['-test.v'], false]);
    }
    expect((await run([binary, '-test.v'], { dir, noTrace: [join(root, '..'), `${root}/b`] })).args).toHaveLength(2);
  });

  test('where nothing can be written, the test runs as it is', async () => {
    const path = await writeWrapper(home);
    const env = { PATH: process.env.PATH, ...wrapperEnv({ dir: join(root, 'nowhere') }) };
    const { stdout, stderr } = spawnSync(path, [binary, '-test.v'], { encoding: 'utf8', env });
    expect([stdout.split('\n')[1], stderr]).toEqual(['-test.v', '']);
  });

  test('is written again when it differs, for its user alone', async () => {
    const path = await writeWrapper(home);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, 'exit 1');
    chmodSync(path, 0o600);
    await writeWrapper(home);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([text, 0o700]);
    writeFileSync(join(root, 'file'), '');
    await expect(writeWrapper(join(root, 'file', 'below'))).rejects.toThrow('cannot be written');
  });
});
