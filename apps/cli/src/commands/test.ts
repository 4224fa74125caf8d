import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runGo, startGoTest } from '../capture/go-test.ts';
import { everything } from '../capture/owner.ts';
import { readTestOptions, type TestOptions } from '../capture/test-options.ts';
import { captureDir, quotedForGo, wrapperEnv, writeWrapper } from '../capture/wrapper.ts';
import { checkCollector } from '../collector/collector.ts';
import { crossRunner, listDirectories, readGoEnv, type GoEnv } from '../facts/go-env.ts';
import { execOf } from '../facts/go-test-flags.ts';
import { goTestFacts } from '../facts/host-facts.ts';
import { messageOf, Problem } from '../problem.ts';
import type { World } from '../world.ts';

/** Since then a trace is written in generations that can be read while it grows. */
const MIN_GO = 22;
/** Since then build output is in the stream. */
const BUILD_EVENTS_GO = 24;
/** Flags that decide which packages there are. */
const LIST_FLAGS = new Set(['C', 'mod', 'modfile', 'overlay', 'tags']);

/** `observe test …`. Resolves to the exit code of `go test`. Problem: there is no go, or an option cannot be. */
export async function test(args: readonly string[], world: World): Promise<number> {
  const options = readTestOptions(args);
  const words = options.goArgs.flatMap((arg) => arg.words);
  // go wants -C before everything else.
  const chdir = options.goArgs[0]?.flag === 'C' ? options.goArgs[0] : undefined;
  await checkCollector(options.collector, world);
  const go = await readGoEnv(chdir?.value);
  if (options.isDry) return runGo(['test', ...options.dryArgs]);

  const say = (message: string): void => void world.stderr.write(`observe: ${message}\n`);
  const wrapper = await prepare(go, options, world).catch((error: unknown) => {
    if (!(error instanceof Problem) || error instanceof WrongOption) throw error;
    say(`${error.message}; the tests run without capture`);
    return undefined;
  });
  const userExec = options.exec ?? execOf(go?.flags ?? '');
  const exec =
    wrapper === undefined ? options.exec : userExec === undefined ? wrapper.path : `${wrapper.path} ${userExec}`;
  const goArgs = [
    ...(chdir?.words ?? []),
    '-json',
    ...(exec === undefined ? [] : [`-exec=${exec}`]),
    ...words.slice(chdir?.words.length ?? 0),
    ...options.testArgs,
  ];
  const facts = goTestFacts(['go', 'test', '-json', ...words, ...options.testArgs]);
  if (wrapper !== undefined && facts.timeoutNs === 0)
    say('with -timeout=0 Go reports a deadlock of all goroutines by itself, but not while it traces');
  const { input, goTest } = startGoTest({
    args: ['test', ...goArgs],
    env: { ...world.env, ...wrapper?.env },
    isStderrPart: go?.minor !== undefined && go.minor < BUILD_EVENTS_GO && process.platform !== 'win32',
  });
  const capture =
    wrapper === undefined
      ? undefined
      : {
          dir: wrapper.dir,
          owner: everything,
          maxTraceBytes: options.maxTraceBytes,
          leaveOut: (pkg: string) => `observe test --no-trace=${pkg} …`,
        };
  try {
    // Loaded while go test builds.
    const { runStream } = await import('../pipe/run-stream.ts');
    return await runStream({ input, facts: () => Promise.resolve(facts), capture, goTest }, options, world);
  } catch (error) {
    goTest.terminate(); // nobody reads it
    throw error;
  } finally {
    if (wrapper !== undefined) await rm(wrapper.dir, { recursive: true, force: true });
  }
}

/** The option is wrong: nothing runs. */
class WrongOption extends Problem {}

interface Prepared {
  /** For `-exec`. */
  readonly path: string;
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Problem: why these tests cannot be captured. */
async function prepare(go: GoEnv | undefined, options: TestOptions, world: World): Promise<Prepared> {
  if (process.platform === 'win32') throw new Problem('capture needs a POSIX shell, which Windows has not');
  if (go === undefined) throw new Problem('go env does not answer');
  if (go.minor !== undefined && go.minor < MIN_GO)
    throw new Problem(`capture needs Go 1.${MIN_GO} or newer, this is Go 1.${go.minor}`);
  const runner = options.exec === undefined ? await crossRunner(go, world.env.PATH ?? '') : undefined;
  if (runner !== undefined)
    throw new Problem(`tests for ${go.target} run under ${runner}, which capture does not reach`);
  const path = quotedForGo(await writeWrapper(world.home));
  if (path === undefined)
    throw new Problem(`OBSERVE_HOME=${world.home} has both kinds of quotes in it, which go test -exec cannot take`);
  const { profiles, liveRate, noTrace } = options;
  const untraced = noTrace === 'all' ? 'all' : await directoriesOf(noTrace, options);
  const dir = join(captureDir(world.home), `test-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(dir, { mode: 0o700 }).catch((error: unknown) => {
    throw new Problem(messageOf(error));
  });
  const env = wrapperEnv({
    dir,
    ...(profiles.length === 0 ? {} : { profiles }),
    ...(liveRate === undefined ? {} : { periodNs: Math.round(1e9 / liveRate) }),
    ...(untraced.length === 0 ? {} : { noTrace: untraced }),
  });
  return { path, dir, env };
}

async function directoriesOf(patterns: readonly string[], { goArgs }: TestOptions): Promise<readonly string[]> {
  if (patterns.length === 0) return [];
  const flags = goArgs.filter(({ flag }) => flag !== undefined && LIST_FLAGS.has(flag)).flatMap(({ words }) => words);
  const found = await listDirectories(patterns, flags);
  if (found === undefined || found.length === 0)
    throw new WrongOption(`--no-trace=${patterns.join(' --no-trace=')}: go list knows no such package`);
  return found;
}
