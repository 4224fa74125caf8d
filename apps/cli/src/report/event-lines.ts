import { formatNs, plural, rowAt } from '@observe/base';
import { wallNsOf, type BuildState, type PackageState, type RunState, type TestState } from '@observe/run';
import type { Style } from '../terminal/style.ts';
import { pad, safeText } from '../terminal/text.ts';
import type { PackageNamer } from './names.ts';
import type { Changes } from './run-watch.ts';

/** Wide enough for most names of a package; a longer one pushes its own line. */
const NAME_COLUMNS = 28;

/** One line for each thing that happened: failures first, then the packages that ended. */
export function eventLines(
  state: RunState,
  { failed, ended, brokenBuilds }: Changes,
  nameOf: PackageNamer,
  style: Style,
): string[] {
  return [
    ...brokenBuilds.map((build) => buildLine(build, style)),
    ...failed.map((test) => testLine(state, test, nameOf, style)),
    ...ended.map((pkg) => packageLine(pkg, nameOf, style)),
  ];
}

function testLine(state: RunState, test: TestState, nameOf: PackageNamer, style: Style): string {
  return `${style.red('✗')} ${testTitle(state, test, nameOf, style)}  ${style.dim(formatNs(wallNsOf(state, test)))}`;
}

/** `orders › TestCheckout/two`, with the occurrence when the name ran before. */
export function testTitle(state: RunState, test: TestState, nameOf: PackageNamer, style: Style): string {
  const pkg = rowAt(state.packages, test.package);
  const count = test.occurrence > 1 ? style.dim(` (run ${test.occurrence})`) : '';
  return `${pkg === undefined ? '' : `${style.dim(`${nameOf(pkg)} ›`)} `}${safeText(test.name, false)}${count}`;
}

function buildLine(build: BuildState, style: Style): string {
  return `${style.red('✗')} ${BUILD_STEPS[build.kind]} of ${safeText(build.importPath, false)} failed`;
}
export const BUILD_STEPS = { compile: 'build', vet: 'vet', setup: 'setup', text: 'build' } as const;

function packageLine(pkg: PackageState, nameOf: PackageNamer, style: Style): string {
  const name = pad(nameOf(pkg), NAME_COLUMNS);
  const line = (word: string, elapsed: string, note: string): string =>
    `${word}  ${name} ${style.dim(elapsed.padStart(7))}  ${note}`.trimEnd();
  const elapsed = pkg.isCached ? 'cached' : pkg.failedBuildPath === undefined ? formatNs(pkg.elapsedNs) : '';
  switch (pkg.outcome) {
    case 'pass':
      return line(style.green('ok  '), elapsed, style.dim(noteOnPass(pkg)));
    case 'skip':
      return line(style.dim('–   '), '', style.dim('no test files'));
    case 'fail':
      return line(style.red('FAIL'), elapsed, noteOnFail(pkg, style));
    default:
      return line(style.yellow('lost'), '', `the stream ended before the package did${lostNote(pkg)}`);
  }
}

function noteOnPass({ counts, emptiness, coverage }: PackageState): string {
  if (emptiness === 'no-tests-to-run') return 'no tests to run';
  if (emptiness === 'passed-without-a-test') return 'passed without running a test';
  const skipped = counts.skip > 0 ? `, ${counts.skip} skipped` : '';
  return `${plural(testsIn(counts), 'test')}${skipped}${coverage === undefined ? '' : ` · ${coverage}`}`;
}

function noteOnFail(pkg: PackageState, style: Style): string {
  if (pkg.failedBuildPath !== undefined) return style.red('build failed');
  if (pkg.crash !== undefined) return style.red(safeText(pkg.crash.text, false)) + style.dim(lostNote(pkg));
  const { counts, races } = pkg;
  const isDead = counts.lost + counts.neverStarted > 0;
  const failed =
    counts.fail > 0
      ? `${counts.fail} of ${plural(testsIn(counts), 'test')} failed`
      : isDead
        ? 'the process died'
        : 'no test failed, but the package did';
  return `${failed}${races > 0 ? `, ${plural(races, 'data race')}` : ''}${lostNote(pkg)}`;
}

function lostNote({ counts }: PackageState): string {
  const lost = counts.lost > 0 ? `, ${counts.lost} lost` : '';
  const never = counts.neverStarted > 0 ? `, ${counts.neverStarted} never started` : '';
  return lost + never;
}

const testsIn = (counts: PackageState['counts']): number =>
  counts.pass + counts.fail + counts.skip + counts.running + counts.lost + counts.neverStarted;
