import type { TestOutcome, Verdict } from '@observe/protocol';
import type { GoGroup } from '../canvas/go-groups.ts';
import type { LostKind, LostReason, Phase } from '@observe/run';

/** Prose lives here and in `explain.ts`, keyed by what the model says; the model itself stays free of it. */

export const OUTCOME_WORDS: Readonly<Record<TestOutcome, string>> = {
  pass: 'passed',
  fail: 'failed',
  skip: 'skipped',
  running: 'running',
  lost: 'lost',
  'never-started': 'never started',
};

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  running: 'Running',
  interrupted: 'Interrupted',
  lost: 'Lost',
};

export const PHASE_WORDS: Readonly<Record<Phase, { readonly word: string; readonly what: string }>> = {
  running: { word: 'running', what: 'its own code runs' },
  paused: { word: 'paused', what: 'in t.Parallel; serial tests still run' },
  queued: { word: 'queued', what: 'in t.Parallel; waits for a -parallel slot' },
  waiting: { word: 'waiting', what: 'for its subtests' },
  cleanup: { word: 'cleanup', what: 'its parallel subtests are done, it is not' },
  ended: { word: 'ended', what: 'its result was printed; Go reported it only at the end of this' },
};

/** What goroutines do, in groups; `what` names Go's own words. */
export const GO_GROUP_WORDS: Readonly<Record<GoGroup, { readonly word: string; readonly what: string }>> = {
  running: { word: 'running', what: 'on a CPU' },
  runnable: { word: 'runnable', what: 'could run, waits for a CPU' },
  syscall: { word: 'syscall', what: 'in the operating system' },
  lock: { word: 'lock', what: 'a mutex, a wait group or a condition (sync)' },
  channel: { word: 'channel', what: 'chan send, chan receive' },
  select: { word: 'select', what: 'several channels' },
  network: { word: 'network', what: 'a connection, a pipe' },
  sleep: { word: 'sleep', what: 'time.Sleep' },
  other: { word: 'other', what: 'anything else, or not known' },
};

/** Waits of package testing itself: nobody's fault. */
export const TESTING_WAIT_WORDS: Readonly<Record<string, string>> = {
  'no-slot': 'paused: no -parallel slot is free',
  'serial-siblings': 'paused in t.Parallel: serial tests still run',
  'parallel-subtests': 'waits for its parallel subtests',
  'serial-subtest': 'waits for a subtest',
  run: 'runs the tests',
  log: 'waits for the test log',
};

const LOST_WORDS: Readonly<Record<LostKind, string>> = {
  timeout: 'The -timeout alarm ended its process.',
  panic: 'A panic ended its process.',
  fatal: 'A fatal error ended its process.',
  exit: 'Its process called os.Exit (or log.Fatal).',
  killed: 'Its process was killed.',
  interrupted: 'The run was interrupted.',
  'stream-ended': 'The stream stopped before it ended.',
  'package-ended': 'Its package ended, and the text does not say why it did not.',
};

/** Why a test has no end, in a sentence. */
export const lostWords = (lost: LostReason): string => LOST_WORDS[lost.kind];
