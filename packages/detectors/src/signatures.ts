import { standsIn, type Call } from './frames.ts';

/*
 * What waits, releases and helpers of pools look like, with the release in which each was seen. A wait is known by its reason and the
 * first call that is not the runtime's; never by a call somewhere on the stack: a goroutine that helps the garbage collector stands
 * inside of `(*DB).conn`, too.
 */

export interface PoolSignature {
  /** As people call it. */
  readonly pool: string;
  /** Go's reason of the wait. */
  readonly reason: string;
  /** The first call that is not the runtime's. */
  readonly call: string;
  /** Its caller, where the call alone says too little. */
  readonly caller?: string;
  /** First calls of those who give something back, and so end a wait. */
  readonly releases: readonly string[];
  readonly seen: string;
}

export const POOLS: readonly PoolSignature[] = [
  {
    pool: 'database/sql',
    reason: 'select',
    call: 'database/sql.(*DB).conn',
    releases: ['database/sql.(*DB).putConnDBLocked'],
    seen: 'Go 1.22 – 1.27',
  },
  {
    pool: 'pgxpool',
    reason: 'select',
    call: 'golang.org/x/sync/semaphore.(*Weighted).Acquire',
    caller: 'github.com/jackc/puddle/v2.(*Pool[...]).acquire',
    releases: [
      'golang.org/x/sync/semaphore.(*Weighted).notifyWaiters',
      'golang.org/x/sync/semaphore.(*Weighted).Release',
    ],
    seen: 'puddle v2, Go 1.27',
  },
];

/** Goroutines that a transaction or a result has as long as it holds its connection, made by the one who holds it. */
export const HOLDERS: ReadonlySet<string> = new Set([
  'database/sql.(*Tx).awaitDone', // Go 1.22 – 1.27
  'database/sql.(*Rows).awaitDone',
]);

/** One goroutine that each open pool has. */
export const POOL_KEEPERS: ReadonlyMap<string, string> = new Map([
  ['database/sql.(*DB).connectionOpener', 'database/sql'], // Go 1.22 – 1.27
]);

/** Goroutines of idle connections and the like, which a shared object of a library keeps: left behind, and no leak of the test. */
export const KEPT_BY_LIBRARIES: ReadonlySet<string> = new Set([
  'net/http.(*persistConn).readLoop', // Go 1.22 – 1.27; of http.DefaultTransport, as a rule
  'net/http.(*persistConn).writeLoop',
  'os/signal.loop',
]);

/** Reasons of waits that only another goroutine of the program, or a timer behind a channel, can end. */
export const BY_OTHERS: ReadonlySet<string> = new Set([
  'sync',
  'sync.(*Cond).Wait',
  'chan send',
  'chan receive',
  'select',
  'forever',
]);

/** The pool that a goroutine waits for. */
export const poolOf = (reason: string, frames: readonly Call[]): PoolSignature | undefined => {
  const call = standsIn(frames);
  if (call === undefined) return undefined;
  const caller = frames[frames.indexOf(call) + 1];
  return POOLS.find(
    (pool) =>
      pool.reason === reason && pool.call === call.func && (pool.caller === undefined || pool.caller === caller?.func),
  );
};

/** Where the waker stood, something was given back to the pool. */
export const isRelease = (pool: PoolSignature, frames: readonly Call[]): boolean =>
  pool.releases.includes(standsIn(frames)?.func ?? '');
