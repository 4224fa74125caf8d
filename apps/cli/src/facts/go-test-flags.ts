import { parseGoDuration } from '@observe/gostack';

/** go test's own default. */
const DEFAULT_TIMEOUT_NS = 600e9;

/** Whether a command line is `go test …`: `go`, `go1.26.8`, `/usr/local/go/bin/go`, `go.exe`, also `go -C dir test`. */
export function isGoTest(args: readonly string[]): boolean {
  if (!/(^|[\\/])go[\d.]*(rc\d+|beta\d+)?(\.exe)?$/.test(args[0] ?? '')) return false;
  const rest = args[1] === '-C' || args[1] === '--C' ? args.slice(3) : args.slice(args[1]?.match(/^--?C=/) ? 2 : 1);
  return rest[0] === 'test';
}

/** `-timeout` of a `go test` command line in ns; 0 = none; ten minutes when it says nothing. Undefined when its value is no duration. */
export function timeoutNsOf(args: readonly string[]): number | undefined {
  let found: number | undefined = DEFAULT_TIMEOUT_NS;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '-args' || arg === '--args') break; // the rest is the test binary's
    const flag = /^--?(?:test\.)?timeout(?:=(.*))?$/.exec(arg);
    if (flag !== null) found = durationNs(flag[1] ?? args[i + 1] ?? ''); // the last one counts
  }
  return found;
}

/** A flag takes a bare 0, too. */
const durationNs = (text: string): number | undefined => (text === '0' ? 0 : parseGoDuration(text));
