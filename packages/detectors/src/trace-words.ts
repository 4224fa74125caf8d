import { formatNs, plural } from '@observe/base';
import { lines, list, names, type Words } from './words.ts';

const who = (test: string | undefined): string => test ?? 'a test';

/** The texts of detectors that look at traces, by the detector's id; see `words.ts`. */
export const TRACE_WORDS = {
  hang: (of: { test: string; silentNs: number; places: readonly string[] }): Words => ({
    title: `${of.test} has not moved for ${formatNs(of.silentNs)}`,
    detail: lines('None of its goroutines can go on by itself:', ...of.places),
    next: 'Look at who should wake them. A timer behind a channel may still.',
  }),

  goroutineLeak: (of: {
    test: string | undefined;
    count: number;
    startFunc: string;
    /** Go's reason of the wait; empty: it does not wait. */
    reason: string;
    place: string;
    madeAt: string;
    afterNs: number;
    isBlocked: boolean;
  }): Words => ({
    title: `${plural(of.count, 'goroutine')} of ${who(of.test)} outlive${of.count === 1 ? 's' : ''} it`,
    detail: lines(
      `Started with ${of.startFunc}, in ${of.madeAt}.`,
      of.reason === '' ? 'They are at work.' : `They wait (${of.reason}) in ${of.place}.`,
      of.isBlocked && 'Nobody has woken them since before the test ended.',
      `The trace goes on for ${formatNs(of.afterNs)} after the test.`,
    ),
    next: 'End them in the test: close what they read, cancel their context, or wait for them in t.Cleanup.',
  }),

  lateGoroutine: (of: {
    test: string | undefined;
    prints: number;
    wakes: number;
    forNs: number;
    during: readonly string[];
  }): Words => ({
    title: `a goroutine of ${who(of.test)} goes on after it`,
    detail: lines(
      of.prints > 0 && `It printed ${plural(of.prints, 'time')} after its test had ended, for ${formatNs(of.forNs)}.`,
      of.wakes > 0 && `It woke goroutines of other tests ${plural(of.wakes, 'time')}.`,
      list('Other tests meanwhile', of.during),
      of.prints > 0 && of.during.length > 0 && 'go test gives these lines to whichever of them printed last.',
    ),
    next: 'Let the test wait for its goroutines before it returns.',
  }),

  sharedState: (of: {
    tests: readonly string[];
    call: string;
    wakes: number;
    waitNs: number;
    waker: string;
    waiter: string;
  }): Words => ({
    title: `${names(of.tests)} share one ${THINGS[of.call] ?? 'thing'}`,
    detail: lines(
      `Goroutines of one woke those of another ${plural(of.wakes, 'time')}; these waits took ${formatNs(of.waitNs)} in all.`,
      `Most often ${of.waker} woke ${of.waiter}.`,
    ),
    next: 'Give each test its own; or make sure that their order does not matter, and run them with -shuffle=on and a higher -parallel.',
  }),

  sleepBound: (of: { test: string; sleepNs: number; tookNs: number }): Words => ({
    title: `${of.test} sleeps ${formatNs(of.sleepNs)} of ${formatNs(of.tookNs)}`,
    detail: 'Most of its own time is time.Sleep.',
    next: 'Wait for the event instead of the time; or use testing/synctest, where sleeping takes no time.',
  }),

  lateInit: (of: { package: string; startFunc: string; isInit: boolean; afterNs: number }): Words => ({
    title: `a goroutine from before the tests of ${of.package} was still at work when they began`,
    detail: lines(
      of.startFunc !== '' && `It was started with ${of.startFunc}${of.isInit ? ', by an init function' : ''}.`,
      !of.isInit && 'By whom the trace does not tell: an init function, a package variable, or TestMain before m.Run.',
      `It ended ${formatNs(of.afterNs)} after the first test had begun.`,
    ),
    next: 'Let TestMain or the first use wait for it.',
  }),

  poolExhaustion: (of: {
    pool: string;
    tests: readonly string[];
    waits: number;
    waitNs: number;
    depth: number;
    place: string;
  }): Words => ({
    title: `${names(of.tests)} queued for ${of.pool} connections`,
    detail: lines(
      `${plural(of.waits, 'wait')} took ${formatNs(of.waitNs)} in all, up to ${of.depth} at once; each ended when another goroutine gave a connection back.`,
      `The longest stood in ${of.place}.`,
    ),
    next: 'Raise the limit of the pool, hold connections for less long, or run fewer of these tests at once.',
  }),

  poolSelfDeadlock: (of: {
    test: string | undefined;
    pool: string;
    goroutines: number;
    waitNs: number;
    place: string;
  }): Words => ({
    title: `${who(of.test)} holds a ${of.pool} connection and waits for another`,
    detail: lines(
      `${plural(of.goroutines, 'goroutine')} with an open transaction or result waited up to ${formatNs(of.waitNs)} for a connection more, in ${of.place}.`,
      'Nothing was given back to the pool for them: where all connections are held so, none ever is.',
    ),
    next: 'Use the transaction’s own connection for what is done inside of it; close results before the next query.',
  }),

  poolPerTest: (of: {
    pool: string;
    tests: number;
    pools: number;
    names: readonly string[];
    place: string;
  }): Words => ({
    title: `${plural(of.tests, 'test')} each opened a ${of.pool} pool and left it open`,
    detail: lines(
      `${plural(of.pools, 'pool')}, opened in ${of.place}, outlive${of.pools === 1 ? 's' : ''} the tests, with the idle connections in them.`,
      list('Tests', of.names),
    ),
    next: 'Close the pool with t.Cleanup; or open one for the package in TestMain.',
  }),
};

/** What a wait is for. */
const THINGS: Readonly<Record<string, string>> = {
  'sync.(*Mutex).Lock': 'mutex',
  'sync.(*RWMutex).Lock': 'lock',
  'sync.(*RWMutex).RLock': 'lock',
  'sync.(*WaitGroup).Wait': 'wait group',
  'sync.(*Cond).Wait': 'condition',
  'chan send': 'channel',
  'chan receive': 'channel',
  select: 'channel',
};
