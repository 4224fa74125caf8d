import { formatNs, plural, rowAt } from '@observe/base';
import { NONE, type PackageState, type RunState } from '@observe/run';
import type { ReactNode } from 'react';
import { useRunStore } from '../../state/run-store.ts';
import { useArtifacts } from '../../state/artifacts.ts';
import { select } from '../../state/view-store.ts';
import { ArtifactList } from '../../ui/ArtifactList.tsx';
import { CountList } from '../../ui/CountList.tsx';
import { FactList, type Fact } from '../../ui/FactList.tsx';
import { OUTCOME_WORDS } from '../../ui/words.ts';
import { Repairs } from './Repairs.tsx';
import { momentOf } from './TestFacts.tsx';

const EMPTY_WORDS = {
  'no-test-files': 'It has no test files.',
  'no-tests-to-run': 'No test of it matched what was asked for.',
  'passed-without-a-test': 'It passed without running a test: its TestMain may have called os.Exit(0).',
} as const;

/** All that is known of one package. */
export function PackageFacts({ row }: { row: number }): ReactNode {
  const run = useRunStore((s) => s.run);
  const pkg = run === undefined ? undefined : rowAt(run.packages, row);
  const artifacts = useArtifacts(pkg?.name);
  if (run === undefined || pkg === undefined) return null;
  return (
    <div className="facts-pane scroll" tabIndex={0} role="region" aria-label="Facts">
      <FactList facts={factsOf(run, pkg)} />
      {artifacts.length > 0 && (
        <section>
          <h3>Traces and profiles</h3>
          <ArtifactList artifacts={artifacts} />
        </section>
      )}
      <Repairs ids={pkg.repaired} />
    </div>
  );
}

function factsOf(run: RunState, pkg: PackageState): Fact[] {
  const build = rowAt(run.builds, pkg.failedBuild);
  const pinnedOn = rowAt(run.tests, pkg.crash?.pinnedOn ?? NONE)?.name;
  return [
    ['Package', <code key="v">{pkg.name === '' ? '(the stream names none)' : pkg.name}</code>],
    ['Outcome', OUTCOME_WORDS[pkg.outcome]],
    ['Tests', pkg.testCount === 0 ? undefined : <CountList key="v" counts={pkg.counts} />],
    [
      'Crash',
      pkg.crash === undefined ? undefined : <code key="v">{pkg.crash.text}</code>,
      pinnedOn === undefined ? undefined : `printed as output of ${pinnedOn}, which need not be its cause`,
    ],
    [
      'Build',
      pkg.failedBuildPath === undefined ? undefined : (
        <button
          key="v"
          type="button"
          className="link"
          disabled={build === undefined}
          onClick={() =>
            build !== undefined && select({ kind: 'build', importPath: build.importPath }, { reveal: true })
          }
        >
          {pkg.failedBuildPath}
        </button>
      ),
      'failed, so nothing of this package was run',
    ],
    ['Nothing ran', pkg.emptiness === undefined ? undefined : EMPTY_WORDS[pkg.emptiness]],
    [
      'Cached',
      pkg.isCached ? 'yes' : undefined,
      'nothing was run: this is the replay of an earlier run; add -count=1 to run it',
    ],
    ['Started', momentOf(run, pkg.startNs)],
    ['Ended', momentOf(run, pkg.endNs)],
    [
      'Elapsed',
      pkg.elapsedNs === undefined ? undefined : formatNs(pkg.elapsedNs),
      'as Go says: from its start to the exit of the test binary',
    ],
    ['Data races', pkg.races === 0 ? undefined : plural(pkg.races, 'report')],
    ['Coverage', pkg.coverage],
    ['Shuffle seed', pkg.shuffle],
    ['Output', pkg.output.lines === 0 ? undefined : plural(pkg.output.lines, 'line')],
  ];
}
