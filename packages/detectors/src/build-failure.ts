import { iterateRows } from '@observe/base';
import type { Evidence } from '@observe/protocol';
import { rangesOf, type BuildState, type RunState } from '@observe/run';
import { defineDetector } from './detector.ts';
import { packageName } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Claims: a package does not build or does not pass vet, and these packages' tests did not run for it. */
export const buildFailure = defineDetector({
  id: 'build-failure',
  needs: ['run'],
  detect: ({ run }) =>
    [...iterateRows(run.builds)]
      .filter(({ isFailed }) => isFailed)
      .map((build) => ({
        severity: 'error',
        // Before Go 1.24 which package a build broke is told by plain text.
        confidence: build.kind === 'text' ? 'likely' : 'certain',
        words: WORDS.buildFailure({
          importPath: build.importPath,
          kind: build.kind,
          packages: build.packages.map((row) => packageName(run, row)),
        }),
        tests: [],
        site: build.importPath,
        evidence: outputOf(run, build),
      })),
});

function outputOf(run: RunState, { output }: BuildState): Evidence[] {
  const ranges = [...rangesOf(output, run.seq)];
  const [from, to] = [ranges[0]?.[0], ranges.at(-1)?.[1]];
  if (from === undefined || to === undefined) return [];
  return [{ kind: 'output', words: 'what the build printed', fromSeq: from, toSeq: to - 1 }];
}
