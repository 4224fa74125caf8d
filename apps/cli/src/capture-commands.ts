import type { Command } from 'commander';
import { PROFILES } from './capture/wrapper.ts';
import type { World } from './world.ts';

const TEST_HELP = `
Options (with two dashes, before -args; everything else is go test's):
  --profile ${PROFILES.join(',')}    also write these profiles, one of each kind a package; each costs the tests some time
  --live-rate <n>                how often a second a trace can be read while the tests run (default: 1, as Go does)
  --max-trace <size>             beyond it a package's trace is cut; the tests go on (default: 1G)
  --no-trace[=PATTERN]           trace nothing, or not these packages (as go list knows them); may be repeated
  --collector <where>            "auto" (start one when none answers), "none" (record to a file) or a URL
  --name <name>                  what to call the run (default: its module)
  --tee                          pass the stream of go test -json to stdout; the summary goes to stderr
  --open                         open the page in the browser
  --artifacts <dir>              keep what is written there during the run, too: traces, profiles, coverage, dumps

It runs go test -json with -exec set to a small wrapper (see: observe exec-path), so that each test binary writes an execution
trace, which is read while it grows. So no result comes out of Go's cache: every test runs afresh. -v is left out (it makes
the stream worse), an -exec of your own is run inside, a -trace or -cpuprofile of your own is written where you said and kept
here too. With -fuzz, and with -c, -n or -list, nothing is captured. Go 1.22 or newer; elsewhere the tests run without capture.

The exit code is that of go test; 2 when nothing could be run.`;

/** The commands around `go test -exec`. */
export function addCapture(
  add: (usage: string, description: string, examples: readonly string[]) => Command,
  world: World,
  done: (code: number) => void,
): void {
  const test = add('test', 'Run go test -json with capture: an execution trace of each package, live.', [
    'observe test ./...',
    'observe test -race -run=TestCheckout ./orders',
    'observe test --profile=cpu,mem ./...',
    'observe test --no-trace=./internal/tracing/... ./...',
    'observe test ./... -args -update',
  ]);
  test
    .usage('[options] [go test flags and packages]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText('before', '')
    .addHelpText('after', TEST_HELP)
    .action(async (args: string[]) => {
      const { readTestOptions } = await import('./capture/test-options.ts');
      if (readTestOptions(args).isHelp) return test.help();
      const { test: run } = await import('./commands/test.ts');
      done(await run(args, world));
    });
  add('exec-path', 'Print the wrapper for go test -exec: capture with a command line of your own.', [
    'go test -json -exec "$(observe exec-path)" ./... | observe',
    'export OBSERVE_CAPTURE_PROFILES=cpu,mem           profiles too',
    'export OBSERVE_CAPTURE_PERIOD_NS=200000000        a trace can be read every 0.2 s',
    `export OBSERVE_CAPTURE_NO_TRACE="$(go list -f '{{.Dir}}' ./slow/...)"    do not trace these; *: none`,
  ]).action(async () => {
    const { execPath } = await import('./commands/exec-path.ts');
    await execPath(world);
  });
}
