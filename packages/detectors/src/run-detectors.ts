import type { DetectorOutcome, Evidence, Finding, FindingTest } from '@observe/protocol';
import type { Claim, Detector } from './detector.ts';
import { hasFact, type Facts, type FactName, type KnownFacts } from './facts.ts';
import { DETECTORS } from './registry.ts';

/** More says nothing new to a reader; the texts tell how many there were. */
const LIMITS = { findings: 100, tests: 100, evidence: 50 };

/** How to get what is missing. */
const MISSING: Readonly<Record<FactName, string>> = {
  run: 'no run',
  traces: 'no execution trace was collected: run the tests with `observe test`, or import one',
  reports: 'the text of the test processes was not read',
  nowNs: 'the time is not known: it looks at runs that still go on',
};

/**
 * Asks every detector. One that fails says so in its own outcome, and one that lacks a fact what it lacks: silence never passes for
 * health.
 */
export const runDetectors = (facts: KnownFacts, detectors: readonly Detector[] = DETECTORS): DetectorOutcome[] =>
  detectors.map((detector) => outcomeOf(detector, facts));

function outcomeOf(detector: Detector, facts: KnownFacts): DetectorOutcome {
  const missing = detector.needs.filter((name) => !hasFact(facts, name));
  if (missing.length > 0) {
    const why = missing.map((name) => MISSING[name]).join('; ');
    return { detector: detector.id, outcome: 'skipped', why, findings: [] };
  }
  try {
    const claims = detector.detect(facts as Facts);
    return { detector: detector.id, outcome: 'ran', findings: findingsOf(detector.id, claims) };
  } catch (error) {
    return { detector: detector.id, outcome: 'failed', why: String(error), findings: [] };
  }
}

function findingsOf(detector: string, claims: readonly Claim[]): Finding[] {
  const ids = new Map<string, number>();
  return claims.slice(0, LIMITS.findings).map(({ severity, confidence, words, tests, site, evidence }) => {
    const id = `${detector}-${hashOf([site, ...tests.map(nameOf).sort()].join('\n'))}`;
    const known = ids.get(id) ?? 0;
    ids.set(id, known + 1);
    return {
      id: known === 0 ? id : `${id}-${known + 1}`,
      severity,
      confidence,
      ...words,
      tests: tests.slice(0, LIMITS.tests),
      evidence: clipped(evidence),
    };
  });
}

const clipped = (evidence: readonly Evidence[]): Evidence[] => evidence.slice(0, LIMITS.evidence);

const nameOf = ({ package: pkg, test, occurrence }: FindingTest): string => `${pkg} ${test} ${occurrence}`;

/** FNV-1a over UTF-16 code units, 32 bits, as eight hexadecimal digits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
