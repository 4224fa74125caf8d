import type { Evidence } from '@observe/protocol';
import { rangesOf, type RunState } from '@observe/run';
import { defineDetector, type Claim } from './detector.ts';
import { WORDS, type QualityNote } from './words.ts';

/** Claims: the stream says less than it could; what that costs, and how to get a better one. */
export const streamQuality = defineDetector({
  id: 'stream-quality',
  needs: ['run'],
  detect: ({ run }) => {
    const { quality } = run;
    const counts: Readonly<Record<QualityNote, number>> = {
      verbose: quality.midlineFrames,
      'no-time': quality.hasTime ? 0 : quality.events,
      'no-package': quality.hasPackage ? 0 : quality.events,
      cached: quality.cachedPackages,
      strays: quality.strays,
      'long-lines': quality.cutLines,
      'time-steps': quality.backSteps,
    };
    return (Object.keys(counts) as QualityNote[])
      .filter((note) => counts[note] > 0)
      .map((note): Claim => ({
        severity: note === 'verbose' || note === 'no-time' || note === 'no-package' ? 'warning' : 'info',
        confidence: 'certain',
        words: WORDS.streamQuality(note, counts[note]),
        tests: [],
        site: note,
        evidence: note === 'strays' ? straysOf(run) : [],
      }));
  },
});

const straysOf = (run: RunState): Evidence[] =>
  [...rangesOf(run.quality.strayOutput, run.seq)].map(([from, to]) => ({
    kind: 'output',
    words: 'lines that were not JSON',
    fromSeq: from,
    toSeq: to - 1,
  }));
