import { packageOf, testFunctionOf, type Dump, type Frame, type GoroutineProfile, type Report } from '@observe/gostack';
import { packageOfFile, type CoverageProfile } from '@observe/gotest';
import type { Profile } from '@observe/pprof';

/**
 * The package whose tests an artifact is of, told by what it holds.
 * - `test-file`: code of a `_test.go` file is on a stack: it is in no other test binary than its own package's
 * - `test-function`: the name of a test is on a stack that does not tell files
 * - `test-binary`: the program was `<last element>.test`, and one package of the run has that name
 * - `covered-files`: it covers files of one package
 * - `several`: it holds more than one package: it was merged, or covers with `-coverpkg`
 * - `nothing`: nothing in it tells
 */
export interface Placement {
  /** Import path; also where the test is of the external package (`m_test`). Undefined: unplaced. */
  readonly package: string | undefined;
  readonly how: 'test-file' | 'test-function' | 'test-binary' | 'covered-files' | 'several' | 'nothing';
  /** Undefined: unplaced. */
  readonly confidence: 'certain' | 'likely' | undefined;
  /** Sorted: the package, or those of `several`. */
  readonly packages: readonly string[];
}

/** What of a frame tells. */
type Called = Pick<Frame, 'func' | 'file'>;

/** `known`: the packages of the run, for a profile whose stacks tell nothing; a profile without samples has none. */
export function packageOfProfile(profile: Profile, known: readonly string[] = []): Placement {
  const { frames, strings } = profile;
  const called = Array.from({ length: frames.length }, (_, row) => ({
    func: strings[frames.func[row] as number] as string,
    file: strings[frames.file[row] as number] as string,
  }));
  const told = placeByStacks(called);
  if (told.how !== 'nothing' || profile.binary === undefined) return told;
  const { binary } = profile;
  return place('test-binary', 'likely', new Set(known.filter((path) => isBinaryOf(path, binary))));
}

/** Of a dump, panic or race that somebody kept as a text. */
export const packageOfReport = ({ blocks }: Pick<Report, 'blocks'>): Placement =>
  placeByStacks(
    blocks.flatMap((block) =>
      block.kind === 'race'
        ? [...block.accesses, ...block.goroutines].flatMap((stack) => stack.frames)
        : framesOfDump(block.dump),
    ),
  );

export const packageOfGoroutineProfile = ({ stacks }: Pick<GoroutineProfile, 'stacks'>): Placement =>
  placeByStacks(stacks.flatMap((stack) => stack.frames));

export const packageOfCoverage = ({ files }: Pick<CoverageProfile, 'files'>): Placement =>
  place('covered-files', 'certain', new Set(files.map(packageOfFile)));

const framesOfDump = ({ goroutines }: Dump): readonly Called[] =>
  goroutines.flatMap(({ frames, createdBy, ancestors }) => [
    ...frames,
    ...(createdBy ? [createdBy] : []),
    ...ancestors.flatMap((ancestor) => ancestor.frames),
  ]);

function placeByStacks(frames: readonly Called[]): Placement {
  const inFiles = new Set<string>();
  const byName = new Set<string>();
  for (const { func, file } of frames) {
    if (file?.endsWith('_test.go') === true) inFiles.add(testedPackage(func, file));
    else if (file === undefined && testFunctionOf(func) !== undefined) byName.add(testedPackage(func, undefined));
  }
  return inFiles.size > 0 ? place('test-file', 'certain', inFiles) : place('test-function', 'likely', byName);
}

function place(how: Placement['how'], confidence: 'certain' | 'likely', found: ReadonlySet<string>): Placement {
  const packages = [...found].filter((path) => path !== '').sort();
  const [only] = packages;
  if (packages.length === 1) return { package: only, how, confidence, packages };
  return { package: undefined, how: only === undefined ? 'nothing' : 'several', confidence: undefined, packages };
}

/**
 * The import path of a function of a test; without the `_test` of an external test package, unless the folder is called so.
 * Go escapes dots in the last element of a path.
 */
function testedPackage(func: string, file: string | undefined): string {
  const path = packageOf(func).replace(/%([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const folder = file?.split(/[\\/]/).at(-2);
  const isExternal = path.endsWith('_test') && path.slice(path.lastIndexOf('/') + 1) !== folder;
  return isExternal ? path.slice(0, -'_test'.length) : path;
}

/** Source: Go, `cmd/go/internal/load` (`DefaultExecName`): the last element, or the one before a major version. */
function isBinaryOf(path: string, binary: string): boolean {
  const elements = path.split('/');
  const last = elements.length > 1 && /^v\d+$/.test(elements.at(-1) ?? '') ? elements.at(-2) : elements.at(-1);
  return (
    binary
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.exe$/, '') === `${last}.test`
  );
}
