import { culpritOf, type PanicBlock } from '@observe/gostack';
import { testsOf, type PackageState, type RunState, type TestState } from '@observe/run';
import { blockAt, blockEvidence } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { ownCall, placeOf, shownFrames } from './frames.ts';
import { neverStarted, packagesOf, testEvidence, testNamed, testRef, topOf } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Source: Go, `testing.go`, `tRunner`. The rest of the text, where there is any, blames FailNow on a parent's t. */
const MESSAGE = 'test executed panic(nil) or runtime.Goexit';

export const isGoexit = ({ message }: Pick<PanicBlock, 'message'>): boolean => message.startsWith(MESSAGE);

/** Claims: a test ended by Goexit outside of `FailNow` and `SkipNow`; no recover saw it, and testing panicked over it. */
export const goexit = defineDetector({
  id: 'goexit',
  needs: ['run', 'reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const { crash } = pkg;
      const block = crash === undefined ? undefined : blockAt(reports.get(pkg.row), 'panic', crash.seq);
      if (block === undefined || !isGoexit(block)) continue;
      const owner = culpritOf(block);
      const test = owner === undefined ? undefined : failedBelow(run, pkg, owner.test);
      const frames = block.dump.goroutines[0]?.frames ?? [];
      const at = frames.findIndex(({ func }) => func === 'runtime.Goexit');
      const own = at === -1 ? undefined : ownCall(frames.slice(at));
      claims.push({
        severity: 'error',
        confidence: own === undefined ? 'likely' : 'certain',
        words: WORDS.goexit({
          package: pkg.name,
          test: test?.name,
          place: own === undefined ? undefined : placeOf(own),
          ofParent: block.message.includes('FailNow on a parent test'),
          neverBegan: neverStarted(run, pkg).map(({ name }) => name),
        }),
        tests: test === undefined ? [] : [testRef(run, test)],
        site: own?.func ?? pkg.name,
        evidence: [
          ...(test === undefined ? [] : [testEvidence(run, test, 'ended by Goexit')]),
          blockEvidence(block, 'the panic that testing raised over it'),
          { kind: 'stack', words: 'where Goexit was called', frames: shownFrames(frames) },
        ],
      });
    }
    return claims;
  },
});

/** The subtest that failed last below a top-level test, or itself: the text does not tell which one a closure is. */
function failedBelow(run: RunState, pkg: PackageState, name: string): TestState | undefined {
  let failed = testNamed(run, pkg, name);
  for (const test of testsOf(run, pkg)) {
    if (test.outcome === 'fail' && test.children === 0 && topOf(run, test).name === name) failed = test;
  }
  return failed;
}
