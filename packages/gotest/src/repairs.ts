import { backStep } from './repair/back-step.ts';
import { benchmarkEnd } from './repair/benchmark-end.ts';
import { cachedReplay } from './repair/cached-replay.ts';
import { forgedFrame } from './repair/forged-frame.ts';
import { heldOutput } from './repair/held-output.ts';
import { lateEnd } from './repair/late-end.ts';
import { longFrame } from './repair/long-frame.ts';
import { misplacedDump } from './repair/misplaced-dump.ts';
import { misplacedRace } from './repair/misplaced-race.ts';
import { missingEnd } from './repair/missing-end.ts';
import { missingRun } from './repair/missing-run.ts';
import { missingSubtestEnd } from './repair/missing-subtest-end.ts';
import { passedWithoutATest } from './repair/passed-without-a-test.ts';
import { readFromText } from './repair/read-from-text.ts';
import { streamEnd } from './repair/stream-end.ts';
import { textBuild } from './repair/text-build.ts';
import { timeoutList } from './repair/timeout-list.ts';
import { wrongPass } from './repair/wrong-pass.ts';

/**
 * Every repair that leaves a mark. Rules without one here change nothing that could be taken for Go's word:
 * R9 (whose line) is a grade on each line, R10 and R19 keep what they do not know, R13 is the occurrence,
 * R15 shows the text as it came, R23 is the exit code, R24 never tells stdout from stderr.
 */
export const REPAIRS = [
  missingRun,
  lateEnd,
  missingEnd,
  wrongPass,
  missingSubtestEnd,
  readFromText,
  timeoutList,
  misplacedDump,
  textBuild,
  cachedReplay,
  forgedFrame,
  passedWithoutATest,
  streamEnd,
  heldOutput,
  backStep,
  misplacedRace,
  longFrame,
  benchmarkEnd,
] as const;

export type RepairId = (typeof REPAIRS)[number]['id'];
