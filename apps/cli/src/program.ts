import { Command, CommanderError } from 'commander';
import { addCapture } from './capture-commands.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { Input } from './pipe/input.ts';
import type { StreamOptions } from './pipe/run-stream.ts';
import { EXIT, messageOf, Problem } from './problem.ts';
import { createWorld, type World } from './world.ts';

/** What the entry point knows: where the programs are, and the input it is reading already. */
export interface Start {
  readonly version: string;
  readonly collectorProgram: string;
  readonly snapshotPage: string;
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
    .enablePositionalOptions() // `import --name` is import's, not the pipe's
    .option('--collector <where>', '"auto" (start one when none answers), "none" (record to a file) or a URL')
    .option('--name <name>', 'what to call the run (default: its module)')
    .option('--tee', 'pass stdin through to stdout, byte for byte; the summary goes to stderr')
    .option('--open', 'open the page in the browser')
    .option('--artifacts <dir>', 'keep what is written there during the run, too: traces, profiles, coverage, dumps')
    .addHelpText('after', PIPE_HELP)
    .allowExcessArguments()
    .action(async (options: StreamOptions) => {
      const [unknown] = program.args;
      if (unknown !== undefined)
        throw new Problem(`there is no command ${JSON.stringify(unknown)}; observe --help lists them`);
      if (input === undefined) return program.help({ error: true });
      const { runPipe } = await import('./pipe/run-pipe.ts');
      done(await runPipe(input, options, world));
    });
  addCommands(program, world, done);
  return program;
}

type Add = (usage: string, description: string, examples: readonly string[]) => Command;

/** Each loads its own code only. */
function addCommands(program: Command, world: World, done: (code: number) => void): void {
  const add: Add = (usage, description, examples) =>
    program
      .command(usage)
      .description(description)
      .showHelpAfterError(`(observe ${usage.split(' ')[0] ?? ''} --help tells more)`)
      .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
  const JSON_OPTION = ['--json', 'print JSON with a versioned shape'] as const;
  const RUN = 'an id, a unique prefix of one, or "last"';

  addCapture(add, world, done);
  add(
    'import <files...>',
    'Make a run of a saved stream of go test -json, with its traces, profiles and dumps, plain or gzipped.',
    [
      'observe import run.jsonl',
      'observe import --name=nightly artifacts/*.jsonl.gz',
      'observe import run.jsonl orders.trace cpu.pprof cover.out    told apart by what they hold',
      'observe import --json run.jsonl        {"schema":1,"run":{"id":"…"}} for each file',
    ],
  )
    .option('--name <name>', 'what to call the run (default: the name of the file)')
    .option(...JSON_OPTION)
    .action(async (files: string[], { name, json }: { name?: string; json?: true }) => {
      const { importFiles } = await import('./commands/import.ts');
      done(await importFiles(files, { ...(name === undefined ? {} : { name }), isJson: json === true }, world));
    });

  add('attach <run> <files...>', 'Add execution traces, profiles, coverage profiles and dumps to a run.', [
    'observe attach last orders.trace',
    'observe attach 20261123-11 *.pprof cover.out dump.txt.gz',
  ])
    .option(...JSON_OPTION)
    .action(async (run: string, files: string[], { json }: { json?: true }) => {
      const { attach } = await import('./commands/attach.ts');
      done(await attach(run, files, { isJson: json === true }, world));
    });

  add('runs', 'List the runs, live ones first, then the newest.', [
    'observe runs',
    'observe runs --json | jq ".runs[0].id"',
  ])
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: true }) => {
      const { listRuns } = await import('./commands/runs.ts');
      await listRuns({ isJson: json === true }, world);
    });

  add('show', 'Show what became of a run: failures with their output, lost tests, counts.', [
    'observe show last',
    'observe show 20261123-11 --json',
  ])
    .argument('<run>', RUN)
    .option(...JSON_OPTION)
    .action(async (run: string, { json }: { json?: true }) => {
      const { show } = await import('./commands/show.ts');
      await show(run, { isJson: json === true }, world);
    });

  add('findings', 'Tell what is wrong with a run: hangs, leaks, shared state, pools, panics, and how sure that is.', [
    'observe findings last',
    'observe findings last --json | jq ".outcomes[].findings[].title"',
  ])
    .argument('<run>', RUN)
    .option(...JSON_OPTION)
    .action(async (run: string, { json }: { json?: true }) => {
      const { findings } = await import('./commands/findings.ts');
      await findings(run, { isJson: json === true }, world);
    });

  add('now', 'Show what is running right now, in all live runs.', ['observe now', 'observe now --watch'])
    .option('--watch', 'go on until Ctrl-C')
    .option(...JSON_OPTION)
    .action(async ({ json, watch }: { json?: true; watch?: true }) => {
      const { now } = await import('./commands/now.ts');
      await now({ isJson: json === true, isWatching: watch === true }, world);
    });

  add('open', 'Open the page on a run, or a snapshot file, in the browser.', [
    'observe open',
    'observe open last --print              only prints the link; it lets one browser in, for ten minutes',
    'observe open run.html',
  ])
    .argument('[run|file]', `${RUN}; or a snapshot (.html)`, 'last')
    .option('--print', 'print the link, and open nothing')
    .action(async (target: string, { print }: { print?: true }) => {
      const { openPage } = await import('./commands/open.ts');
      await openPage(target, { isPrintOnly: print === true }, world);
    });

  add('snapshot', 'Write one HTML file with the run in it, that opens anywhere, offline.', [
    'observe snapshot last -o run.html',
  ])
    .argument('<run>', RUN)
    .requiredOption('-o, --output <file.html>', 'file to write')
    .action(async (run: string, { output }: { output: string }) => {
      const { snapshot } = await import('./commands/snapshot.ts');
      await snapshot(run, { output }, world);
    });

  add('trace', 'Tell what an execution trace holds: goroutines, where their time went, the longest waits.', [
    'observe trace trace.out',
    'observe trace --json trace.out | jq ".goroutines[] | select(.endedNs == -1)"',
    'observe trace --json --totals trace.out.gz',
  ])
    .argument('<file>', 'what go test -trace or runtime/trace wrote, with Go 1.22 or later; plain or gzipped')
    .option('--json', 'print JSON with a versioned shape: one line for each goroutine')
    .option('--totals', 'with --json: sums instead of goroutines')
    .action(async (file: string, { json, totals }: { json?: true; totals?: true }) => {
      const { traceFile } = await import('./commands/trace.ts');
      done(await traceFile(file, { isJson: json === true, isTotals: totals === true }, world));
    });

  add('serve', 'Run the collector in the foreground, until Ctrl-C.', [
    'observe serve',
    'observe serve --host=0.0.0.0 --port=8080 --token="$SECRET"',
  ])
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)')
    .option('--port <port>', 'port to listen on (default: 7117, or a free one; 0: any free one)')
    .option('--data <dir>', 'where runs are kept (default: OBSERVE_HOME, else the platform’s data directory)')
    .option('--token <token>', 'what requests must carry (default: OBSERVE_TOKEN, else made once and kept)')
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./commands/serve.ts');
      await serve(options, world);
    });
}
