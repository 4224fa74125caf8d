import { iterateRows, rowAt } from '@observe/base';
import {
  SCHEMA,
  type RunSummary,
  type ShownPackage,
  type ShownRun,
  type ShownTest,
  type TestGoroutines,
} from '@observe/protocol';
import { activeNsOf, NONE, pausedNsOf, testsOf, type PackageState, type RunState, type TestState } from '@observe/run';
import { qualityOf } from './quality.ts';

/** The whole run as programs get it: `observe show RUN --json`. Output is asked for separately. */
/** `goroutines`: what those of each test did, by the test's row. */
export const showRun = (
  state: RunState,
  summary: RunSummary,
  goroutines: ReadonlyMap<number, TestGoroutines> = new Map(),
): ShownRun => ({
  schema: SCHEMA,
  run: summary,
  packages: [...iterateRows(state.packages)].map((pkg) => showPackage(state, pkg, goroutines)),
  builds: [...iterateRows(state.builds)]
    .filter((build) => build.isFailed)
    .map((build) => ({
      importPath: build.importPath,
      kind: build.kind,
      packages: build.packages.map((row) => rowAt(state.packages, row)?.name ?? ''),
    })),
  strays: state.quality.strays,
  unknownActions: [...state.quality.unknownActions].map(([action, count]) => ({ action, count })),
  quality: qualityOf(state),
});

function showPackage(
  state: RunState,
  pkg: PackageState,
  goroutines: ReadonlyMap<number, TestGoroutines>,
): ShownPackage {
  const { crash } = pkg;
  const pinnedOn =
    crash === undefined || crash.pinnedOn === NONE ? undefined : rowAt(state.tests, crash.pinnedOn)?.name;
  return {
    package: pkg.name,
    outcome: pkg.outcome,
    elapsedNs: pkg.elapsedNs ?? null,
    startNs: pkg.startNs ?? null,
    endNs: pkg.endNs ?? null,
    cached: pkg.isCached,
    ...(pkg.failedBuildPath === undefined ? {} : { failedBuild: pkg.failedBuildPath }),
    ...(crash === undefined
      ? {}
      : { crash: { kind: crash.kind, text: crash.text, ...(pinnedOn === undefined ? {} : { test: pinnedOn }) } }),
    ...(pkg.races === 0 ? {} : { races: pkg.races }),
    ...(pkg.coverage === undefined ? {} : { coverage: pkg.coverage }),
    ...(pkg.repaired.length === 0 ? {} : { repaired: [...pkg.repaired] }),
    tests: [...testsOf(state, pkg)].map((test) => showTest(state, test, goroutines.get(test.row))),
  };
}

function showTest(state: RunState, test: TestState, goroutines: TestGoroutines | undefined): ShownTest {
  const nowNs = state.lastNs;
  const { more } = test;
  return {
    test: test.name,
    occurrence: test.occurrence,
    outcome: test.outcome,
    startNs: test.startNs ?? null,
    endNs: test.endNs ?? null,
    activeNs: activeNsOf(state, test, nowNs) ?? null,
    pausedNs: test.startNs === undefined ? null : pausedNsOf(test, nowNs),
    elapsedNs: test.elapsedNs ?? null,
    ...(test.lost === undefined ? {} : { reason: test.lost }),
    ...(test.repaired.length === 0 ? {} : { repaired: [...test.repaired] }),
    ...(more === undefined || more.attributes.length === 0
      ? {}
      : { attributes: more.attributes.map(([key, value]) => ({ key, value })) }),
    ...(more?.artifactDir === undefined ? {} : { artifactDir: more.artifactDir }),
    ...(more?.benchmark === undefined ? {} : { benchmark: more.benchmark }),
    ...(goroutines === undefined ? {} : { goroutines }),
  };
}
