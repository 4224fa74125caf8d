import { isOn, splitGoTestArgs, type GoTestArg } from '../facts/go-test-flags.ts';
import { Problem } from '../problem.ts';
import { DEFAULT_MAX_TRACE_BYTES, parseSize } from './size.ts';
import { PROFILES, type Profile } from './wrapper.ts';

/** What `observe test` was asked for. */
export interface TestOptions {
  readonly collector?: string;
  readonly name?: string;
  readonly artifacts?: string;
  readonly open: boolean;
  readonly tee: boolean;
  readonly isHelp: boolean;
  readonly profiles: readonly Profile[];
  /** Generations of a trace a second; undefined: Go's own, one. */
  readonly liveRate: number | undefined;
  readonly maxTraceBytes: number;
  /** Patterns of packages that are not traced; `all`: none is. */
  readonly noTrace: readonly string[] | 'all';
  /** For `go test`, as they were written and in the same order; without -v, -json and -exec. */
  readonly goArgs: readonly GoTestArg[];
  /** All of it, when nothing runs. */
  readonly dryArgs: readonly string[];
  /** From `-args` on. */
  readonly testArgs: readonly string[];
  /** The user's own `-exec`. */
  readonly exec: string | undefined;
  /** Nothing runs (-c, -n, -list): there is nothing to observe. */
  readonly isDry: boolean;
}

const VALUED = new Set(['profile', 'live-rate', 'max-trace', 'collector', 'name', 'artifacts']);
const OWN = new Set([...VALUED, 'no-trace', 'open', 'tee', 'help']);
/** More generations a second would cost the tests more than they show. */
const MAX_LIVE_RATE = 20;

/** Problem: an option of ours has a value that cannot be. What is not ours is for `go test` to judge. */
export function readTestOptions(args: readonly string[]): TestOptions {
  const { own, rest } = splitGoTestArgs(args, VALUED);
  const isOurs = ({ flag, words }: GoTestArg): boolean =>
    (flag !== undefined && OWN.has(flag) && words[0]?.startsWith('--') === true) ||
    words[0] === '-h' ||
    words[0] === '-help';
  const ours = own.filter(isOurs);
  const theirs = own.filter((arg) => !isOurs(arg));
  const last = (flag: string): string | undefined => {
    const found = ours.findLast((arg) => arg.flag === flag);
    if (found !== undefined && (found.value ?? '') === '')
      throw new Problem(`--${flag} needs a value; observe test --help tells more`);
    return found?.value;
  };
  const has = (flag: string): boolean => ours.some((arg) => arg.flag === flag);
  const patterns = ours.filter(({ flag }) => flag === 'no-trace').map(({ value }) => value);
  const [collector, name, artifacts, exec] = [
    last('collector'),
    last('name'),
    last('artifacts'),
    theirs.findLast(({ flag }) => flag === 'exec')?.value,
  ];
  return {
    ...(collector === undefined ? {} : { collector }),
    ...(name === undefined ? {} : { name }),
    ...(artifacts === undefined ? {} : { artifacts }),
    open: has('open'),
    tee: has('tee'),
    isHelp: has('help') || has('h'),
    profiles: readProfiles(last('profile')),
    liveRate: readRate(last('live-rate')),
    maxTraceBytes: readSize(last('max-trace')),
    noTrace: patterns.includes(undefined) ? 'all' : patterns.filter((pattern) => pattern !== undefined),
    goArgs: theirs.filter(({ flag }) => flag !== 'v' && flag !== 'json' && flag !== 'exec'),
    dryArgs: [...theirs.flatMap(({ words }) => words), ...rest],
    testArgs: rest,
    exec,
    isDry:
      isOn(theirs, 'c') || isOn(theirs, 'n') || (theirs.findLast(({ flag }) => flag === 'list')?.value ?? '') !== '',
  };
}

function readProfiles(text = ''): Profile[] {
  const names = text.split(',').filter((name) => name !== '');
  return names.map((name) => {
    const profile = PROFILES.find((known) => known === name);
    if (profile === undefined)
      throw new Problem(`--profile=${text}: ${JSON.stringify(name)} is none of ${PROFILES.join(', ')}`);
    return profile;
  });
}

function readRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (!(rate > 0 && rate <= MAX_LIVE_RATE))
    throw new Problem(
      `--live-rate=${text}: give generations a second, up to ${MAX_LIVE_RATE}, for example --live-rate=5`,
    );
  return rate;
}

function readSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_TRACE_BYTES;
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0) throw new Problem(`--max-trace=${text}: give a size, for example 500M or 2G`);
  return bytes;
}
