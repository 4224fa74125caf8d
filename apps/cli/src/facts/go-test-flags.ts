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

/** Flags with a value (Go 1.26, `go help testflag` and `go help build`): the word that follows is never read as a flag. */
const VALUED = new Set(
  (
    'C asmflags bench benchtime blockprofile blockprofilerate buildmode compiler count coverdir covermode coverpkg coverprofile cpu ' +
    'cpuprofile exec fuzz fuzzminimizetime fuzztime gccgoflags gcflags installsuffix ldflags list memprofile memprofilerate mod ' +
    'modfile mutexprofile mutexprofilefraction o outputdir overlay p parallel pgo pkgdir run shuffle skip tags testlogfile timeout ' +
    'toolexec trace vet'
  ).split(' '),
);

/** One argument of `go test`: a flag with its value, or a package. */
export interface GoTestArg {
  /** Without dashes and `test.`; undefined: it is no flag. */
  readonly flag: string | undefined;
  /** Undefined where none is given. */
  readonly value: string | undefined;
  /** As they were written. */
  readonly words: readonly string[];
}

/** Reads the arguments of `go test` as far as they are its own; `rest` begins with `-args`. `valued`: further flags that take a value. */
export function splitGoTestArgs(
  args: readonly string[],
  valued: ReadonlySet<string> = new Set(),
): { readonly own: readonly GoTestArg[]; readonly rest: readonly string[] } {
  const own: GoTestArg[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '-args' || word === '--args') return { own, rest: args.slice(i) };
    const found = /^--?(?:test\.)?([^-=][^=]*)(?:=([^]*))?$/.exec(word);
    const flag = found?.[1];
    const takesNext =
      flag !== undefined && found?.[2] === undefined && (VALUED.has(flag) || valued.has(flag)) && i + 1 < args.length;
    const next = takesNext ? args[++i] : undefined;
    own.push({ flag, value: found?.[2] ?? next, words: next === undefined ? [word] : [word, next] });
  }
  return { own, rest: [] };
}

/** Whether `-flag`, `-flag=true` … is on; the last one counts. A value that Go does not know counts as on: Go will say so. */
export const isOn = (args: readonly GoTestArg[], flag: string): boolean => {
  const last = args.findLast((arg) => arg.flag === flag);
  return last !== undefined && !/^(0|f|F|false|FALSE|False)$/.test(last.value ?? '');
};

/** `-exec` of GOFLAGS; undefined when it is not there. Words may be quoted there (`go help environment`). */
export function execOf(goFlags: string): string | undefined {
  let found: string | undefined;
  for (const [, single, double, plain] of goFlags.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    found = /^--?exec=([^]*)$/.exec(single ?? double ?? plain ?? '')?.[1] ?? found;
  }
  return found;
}
