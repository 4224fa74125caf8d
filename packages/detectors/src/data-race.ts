import { ownerOfAccess, type RaceAccess, type RaceBlock } from '@observe/gostack';
import type { Evidence } from '@observe/protocol';
import type { PackageState, RunState, TestState } from '@observe/run';
import { blockEvidence } from './dump-reading.ts';
import { defineDetector, type Claim } from './detector.ts';
import { ownCall, placeOf, shownFrames } from './frames.ts';
import { packageName, packagesOf, testEvidence, testNamed, testRef } from './run-reading.ts';
import { WORDS } from './words.ts';

/** Claims: two goroutines raced, as the race detector reports; which tests they work for. Reports of the same two places are one. */
export const dataRace = defineDetector({
  id: 'data-race',
  needs: ['run', 'reports'],
  detect: ({ run, reports }) => {
    const claims: Claim[] = [];
    for (const pkg of packagesOf(run)) {
      const races = (reports.get(pkg.row)?.blocks ?? []).filter((block) => block.kind === 'race');
      for (const same of bySite(races).values()) claims.push(claimOf(run, pkg, same));
    }
    return claims;
  },
});

const siteOf = ({ accesses }: RaceBlock): string =>
  accesses
    .map(({ frames }) => ownCall(frames)?.func ?? '?')
    .sort()
    .join(' ');

function bySite(races: readonly RaceBlock[]): Map<string, RaceBlock[]> {
  const sites = new Map<string, RaceBlock[]>();
  for (const race of races) {
    const known = sites.get(siteOf(race));
    if (known === undefined) sites.set(siteOf(race), [race]);
    else known.push(race);
  }
  return sites;
}

function claimOf(run: RunState, pkg: PackageState, races: readonly RaceBlock[]): Claim {
  const tests = new Map<number, TestState>();
  for (const race of races) {
    for (const access of race.accesses) {
      const owner = ownerOfAccess(access, race);
      const test = owner === undefined ? undefined : testNamed(run, pkg, owner.test);
      if (test !== undefined) tests.set(test.row, test);
    }
  }
  const [first] = races as readonly [RaceBlock, ...RaceBlock[]];
  return {
    severity: 'error',
    confidence: 'certain',
    words: WORDS.dataRace({
      package: pkg.name,
      tests: [...tests.values()].map(({ name }) => name),
      reports: races.length,
      accesses: first.accesses.map((access) => accessWords(access)),
      location: first.location?.text,
    }),
    tests: [...tests.values()].map((test) => testRef(run, test)),
    site: siteOf(first),
    evidence: [
      ...[...tests.values()].map((test) => testEvidence(run, test, 'its goroutine raced')),
      ...first.accesses.flatMap((access) => accessEvidence(run, pkg, access)),
      ...races.map((race) => blockEvidence(race, 'the report')),
    ],
  };
}

const accessWords = ({ kind, goid, frames }: RaceAccess): string =>
  `${kind} by goroutine ${goid} in ${placeOf(ownCall(frames) ?? frames[0])}`;

const accessEvidence = (run: RunState, pkg: PackageState, access: RaceAccess): Evidence[] => [
  {
    kind: 'goroutine',
    package: packageName(run, pkg.row),
    process: null,
    goid: access.goid,
    words: accessWords(access),
  },
  { kind: 'stack', words: accessWords(access), frames: shownFrames(access.frames) },
];
