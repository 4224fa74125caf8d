import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Input } from './pipe/input.ts';
import type { PipeOptions } from './pipe/run-pipe.ts';
import { EXIT, messageOf, Problem } from './problem.ts';
import { createWorld, type World } from './world.ts';

/** What the entry point knows: where the programs are, and the input it is reading already. */
export interface Start {
  readonly version: string;
  readonly collectorProgram: string;
  /** Undefined: stdin is a terminal, or a command was called. */
  readonly input: Input | undefined;
}

const PIPE_HELP = `
Examples:
  go test -json ./... | observe                 live page, progress here, and a summary
  go test -json ./... 2>&1 | observe            build errors of Go before 1.24 too
  set -o pipefail; go test -json ./... | observe --tee > run.jsonl
  observe import run.jsonl.gz                   a saved stream becomes a run
  observe now                                   what is running right now, from a second terminal

Exit codes of the pipe:
  0    all passed
  1    a test or a package failed, or the stream ended before the tests did
  2    nothing to read, or a fault of observe itself
  130  interrupted (143: terminated)
A shell gives the exit code of the last program of a pipe, which is observe: it fails when the tests fail. Where another
program follows (| tee), \`set -o pipefail\` keeps it. The exit code of go test itself never reaches observe.

Environment: OBSERVE_HOME (where runs are kept), OBSERVE_TOKEN (of the collector given by URL), CI (no collector is started:
the run is recorded to a file and summarised), NO_COLOR, FORCE_COLOR.`;

/** Parses the command line and runs what it asks for. Resolves to the exit code. */
export async function runProgram(args: readonly string[], start: Start): Promise<number> {
  let code: number = EXIT.ok;
  const world = createWorld(start);
  const program = commands(world, start.input, (result) => (code = result));
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.problem;
    world.stderr.write(`observe: ${messageOf(error)}\n`);
    if (!(error instanceof Problem) && !isKnown(error))
      world.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    return EXIT.problem;
  }
}

/** Errors of the store are written for people, too. */
const isKnown = (error: unknown): boolean => error instanceof Error && error.name === 'StoreError';

function commands(world: World, input: Input | undefined, done: (code: number) => void): Command {
  const program = new Command('observe')
    .description('Watch a Go test run live: pipe `go test -json` into it.')
    .version(world.version)
    .usage('[options]  (go test -json on stdin)\n       observe COMMAND …')
    .helpCommand(false)
    .showHelpAfterError('(observe --help tells more)')
    .exitOverride()
    .option('--collector <where>', '"auto" (start one when none answers), "none" (record to a file) or a URL')
    .option('--name <name>', 'what to call the run (default: its module)')
    .option('--tee', 'pass stdin through to stdout, byte for byte; the summary goes to stderr')
    .option('--open', 'open the page in the browser')
    .addHelpText('after', PIPE_HELP)
    .action(async (options: PipeOptions) => {
      if (input === undefined) return program.help({ error: true });
      const { runPipe } = await import('./pipe/run-pipe.ts');
      done(await runPipe(input, options, world));
    });
  return program;
}
