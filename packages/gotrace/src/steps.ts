import { threadId } from './batches.ts';
import type { Changes } from './changes.ts';
import type { Cursors } from './cursors.ts';
import type { FaultList } from './fault.ts';
import { type Goroutines, UNTOLD } from './goroutines.ts';
import { PROC_STATUS, Procs, Threads } from './procs.ts';
import { eventName } from './spec.ts';
import { GO_STATE, NONE } from './tables.ts';

const { runnable, running, syscall, waiting } = GO_STATE;

/** Threads known before those that have nothing are forgotten. */
const MANY_THREADS = 4096;

/**
 * One event: may it come now, and what does it change? Written for speed: one switch on literal numbers (so that it compiles to
 * a jump), no object, no closure.
 */
export class Steps {
  readonly #procs = new Procs();
  readonly #threads = new Threads();
  /** By cursor: the thread; NONE for events of nobody. */
  #threadOf = new Int32Array(64);
  #isFirst = true;
  /** Of the last begin or end of a collection; -1: none was seen. */
  #gcSeq = -1;
  readonly #cursors: Cursors;
  readonly #goroutines: Goroutines;
  readonly #changes: Changes;
  readonly #faults: FaultList;

  constructor(cursors: Cursors, goroutines: Goroutines, changes: Changes, faults: FaultList) {
    this.#cursors = cursors;
    this.#goroutines = goroutines;
    this.#changes = changes;
    this.#faults = faults;
  }

  /** A generation begins. `idOf`: the thread id of a cursor, or NONE. */
  begin(cursors: number, idOf: (cursor: number) => number): void {
    this.#threads.prune(MANY_THREADS);
    if (this.#threadOf.length < cursors) this.#threadOf = new Int32Array(cursors * 2);
    for (let cursor = 0; cursor < cursors; cursor++) {
      const id = idOf(cursor);
      this.#threadOf[cursor] = id === NONE ? NONE : this.#thread(id);
    }
    // Each generation counts from 0 again, after a status of each goroutine and P.
    const goroutines = this.#goroutines;
    goroutines.seq.fill(UNTOLD, 0, goroutines.count);
    this.#procs.seq.fill(UNTOLD, 0, this.#procs.count);
  }

  end(): void {
    this.#isFirst = false;
  }

  /** What an event that never got its turn is waiting for. */
  describe(cursor: number): string {
    const name = eventName(this.#cursors.type[cursor] as number);
    return `${name} does not follow from the events before it: some were lost; it was applied all the same`;
  }

  /**
   * Applies the event at which the cursor stands; false: not now. Forced: it is applied whatever was before it.
   */
  step(cursor: number, isForced: boolean): boolean {
    const cursors = this.#cursors;
    if (!cursors.decode(cursor)) return true;
    const type = cursors.type[cursor] as number;
    const { a0, a1, a2 } = cursors;
    const timeNs = cursors.timeNs(cursor);
    const changes = this.#changes;
    const g = this.#goroutines;
    const threads = this.#threads;
    const thread = this.#threadOf[cursor] as number;
    const slot = thread === NONE ? NONE : (threads.goroutine[thread] as number);
    switch (type) {
      case 16: {
        // GoStart: g, seq
        let started = g.find(a0);
        if (started < 0 || g.state[started] !== runnable || a1 !== (g.seq[started] as number) + 1) {
          if (!isForced) return false;
          started = this.#prepare(started, a0, timeNs, runnable);
        }
        g.seq[started] = a1;
        g.state[started] = running;
        changes.tick(timeNs);
        changes.move(started, running, 0, 0);
        if (thread !== NONE) threads.goroutine[thread] = started;
        break;
      }
      case 21: {
        // GoUnblock: g, seq, stack
        let woken = g.find(a0);
        if (woken < 0 || g.state[woken] !== waiting || a1 !== (g.seq[woken] as number) + 1) {
          if (!isForced) return false;
          woken = this.#prepare(woken, a0, timeNs, waiting);
        }
        g.seq[woken] = a1;
        g.state[woken] = runnable;
        changes.tick(timeNs);
        changes.wake(woken, slot, a2);
        break;
      }
      case 20: // GoBlock: reason, stack
        if (slot === NONE || g.state[slot] !== running) this.#odd(cursor, timeNs, thread);
        else {
          g.state[slot] = waiting;
          changes.tick(timeNs);
          changes.move(slot, waiting, a0, a1);
          threads.goroutine[thread] = NONE;
        }
        break;
      case 19: // GoStop: reason, stack
        if (slot === NONE || g.state[slot] !== running) this.#odd(cursor, timeNs, thread);
        else {
          g.state[slot] = runnable;
          changes.tick(timeNs);
          changes.move(slot, runnable, a0, a1);
          threads.goroutine[thread] = NONE;
        }
        break;
      case 22: // GoSyscallBegin: p_seq, stack
        if (slot === NONE || g.state[slot] !== running) this.#odd(cursor, timeNs, thread);
        else {
          this.#enterSyscall(threads.proc[thread] as number, a0);
          g.state[slot] = syscall;
          changes.tick(timeNs);
          changes.move(slot, syscall, 0, a1);
        }
        break;
      case 23: // GoSyscallEnd
        if (slot === NONE || g.state[slot] !== syscall) this.#odd(cursor, timeNs, thread);
        else {
          const proc = threads.proc[thread] as number;
          if (proc !== NONE) this.#procs.status[proc] = PROC_STATUS.running;
          g.state[slot] = running;
          changes.tick(timeNs);
          changes.move(slot, running, 0, 0);
        }
        break;
      case 24: {
        // GoSyscallEndBlocked: it says that the P was lost, so that must come first.
        const proc = thread === NONE ? NONE : (threads.proc[thread] as number);
        if (proc !== NONE && this.#procs.status[proc] === PROC_STATUS.syscall && !isForced) return false;
        if (slot === NONE || g.state[slot] !== syscall) this.#odd(cursor, timeNs, thread);
        else {
          g.state[slot] = runnable;
          changes.tick(timeNs);
          changes.release(slot);
          threads.goroutine[thread] = NONE;
        }
        break;
      }
      case 14: // GoCreate: g, start stack, stack
      case 47: // GoCreateBlocked
        this.#create(cursor, timeNs, type === 14 ? runnable : waiting, slot);
        break;
      case 17: // GoDestroy
        if (slot === NONE || g.state[slot] !== running) this.#odd(cursor, timeNs, thread);
        else {
          changes.tick(timeNs);
          this.#destroy(slot);
          threads.goroutine[thread] = NONE;
        }
        break;
      case 25: // GoStatus: g, m, status
      case 48: // GoStatusStack: g, m, status, stack
        this.#status(cursor, timeNs, thread, type === 48 ? cursors.a3 : 0);
        break;
      case 45: // GoSwitch: g, seq
      case 46: // GoSwitchDestroy: g, seq
        if (!this.#switch(cursor, timeNs, thread, slot, isForced)) return false;
        break;
      case 15: // GoCreateSyscall: g
        this.#createInSyscall(cursor, timeNs, thread);
        break;
      case 18: // GoDestroySyscall
        this.#destroyInSyscall(cursor, timeNs, thread, slot);
        break;
      case 10: // ProcStart: p, seq
        if (!this.#procs.start(a0, a1, threads, thread, isForced)) return false;
        changes.tick(timeNs);
        break;
      case 11: // ProcStop
        changes.tick(timeNs);
        if (thread !== NONE) this.#procs.stop(threads, thread);
        break;
      case 12: // ProcSteal: p, seq, m
        if (!this.#procs.steal(a0, a1, threads, threadId(a2), isForced)) return false;
        changes.tick(timeNs);
        break;
      case 13: // ProcStatus: p, status
        changes.tick(timeNs);
        this.#procs.tell(a0, a1, threads, thread);
        break;
      case 28: // GCActive: seq
      case 29: // GCBegin: seq, stack
      case 30: // GCEnd: seq
        // They may stand on any thread; their numbers give the order.
        if (this.#gcSeq !== -1 && a0 !== this.#gcSeq + 1 && !isForced) return false;
        this.#gcSeq = a0;
        changes.tick(timeNs);
        changes.gc(type, a1);
        break;
      default: {
        const proc = thread === NONE ? NONE : (threads.proc[thread] as number);
        changes.tick(timeNs);
        changes.other(
          type,
          type === 34 ? g.find(a0) : slot, // GCMarkAssistActive: g
          type === 31 ? this.#procs.find(a0) : proc, // GCSweepActive: p
          a0,
          a1,
          a2,
          cursors.a3,
        );
      }
    }
    cursors.accept(cursor);
    return true;
  }

  #thread(id: number): number {
    const known = this.#threads.find(id);
    return known >= 0 ? known : this.#threads.add(id);
  }

  /** Forced: makes the goroutine what the event says it was. */
  #prepare(slot: number, goid: number, timeNs: number, state: number): number {
    const g = this.#goroutines;
    if (slot >= 0 && g.state[slot] === state) return slot;
    this.#changes.tick(timeNs);
    if (slot < 0) return this.#discover(goid, state, 0);
    g.state[slot] = state;
    this.#changes.move(slot, state, 0, 0);
    return slot;
  }

  /** An event of a goroutine that is not there, or not in the state for it: it takes its time, and nothing else. */
  #odd(cursor: number, timeNs: number, thread: number): void {
    this.#changes.tick(timeNs);
    const name = eventName(this.#cursors.type[cursor] as number);
    this.#faults.add(
      'out-of-order',
      this.#cursors.offsetOf(cursor),
      `${name} of a goroutine that is not in the state for it`,
    );
    if (thread !== NONE) this.#threads.goroutine[thread] = NONE;
  }

  #enterSyscall(proc: number, seq: number): void {
    if (proc === NONE) return;
    this.#procs.status[proc] = PROC_STATUS.syscall;
    this.#procs.seq[proc] = seq;
  }

  #create(cursor: number, timeNs: number, state: number, creator: number): void {
    const { a0: goid, a1: startStack, a2: stack } = this.#cursors;
    this.#replace(cursor, timeNs, goid);
    this.#changes.tick(timeNs);
    this.#changes.create(this.#goroutines.add(goid, state), goid, state, creator, startStack, stack);
  }

  /** Ids are never used again: when one is, its end was lost. */
  #replace(cursor: number, timeNs: number, goid: number): void {
    const old = this.#goroutines.find(goid);
    if (old < 0) return;
    this.#faults.add('out-of-order', this.#cursors.offsetOf(cursor), `goroutine ${goid} is created while it is alive`);
    this.#changes.tick(timeNs);
    this.#destroy(old);
  }

  #destroy(slot: number): void {
    this.#changes.destroy(slot);
    this.#goroutines.remove(slot);
  }

  #discover(goid: number, state: number, stack: number): number {
    const slot = this.#goroutines.add(goid, state);
    this.#changes.discover(slot, goid, state, stack);
    return slot;
  }

  #createInSyscall(cursor: number, timeNs: number, thread: number): void {
    const goid = this.#cursors.a0;
    this.#replace(cursor, timeNs, goid);
    this.#changes.tick(timeNs);
    const slot = this.#goroutines.add(goid, syscall);
    this.#changes.create(slot, goid, syscall, NONE, 0, 0);
    if (thread !== NONE) this.#threads.goroutine[thread] = slot;
  }

  #destroyInSyscall(cursor: number, timeNs: number, thread: number, slot: number): void {
    if (slot === NONE || this.#goroutines.state[slot] !== syscall) {
      this.#odd(cursor, timeNs, thread);
      return;
    }
    const proc = this.#threads.proc[thread] as number;
    if (proc !== NONE) {
      // The thread's id may be used again by the system, so it gives up its P: for Go's reader that is an event of its own.
      this.#procs.status[proc] = PROC_STATUS.abandoned;
      this.#threads.proc[thread] = NONE;
      this.#changes.tick(timeNs);
    }
    this.#changes.tick(timeNs);
    this.#destroy(slot);
    this.#threads.goroutine[thread] = NONE;
  }

  /** A coroutine hands its thread to another: that one wakes, this one waits or ends, that one runs. Three events in Go's reader. */
  #switch(cursor: number, timeNs: number, thread: number, slot: number, isForced: boolean): boolean {
    const { a0: goid, a1: seq } = this.#cursors;
    const changes = this.#changes;
    const g = this.#goroutines;
    let next = g.find(goid);
    if (next < 0 || g.state[next] !== waiting || seq !== (g.seq[next] as number) + 1) {
      if (!isForced) return false;
      next = this.#prepare(next, goid, timeNs, waiting);
    }
    g.seq[next] = seq;
    changes.tick(timeNs);
    changes.wake(next, slot, 0);
    changes.tick(timeNs);
    if (slot !== NONE && slot !== next && g.state[slot] === running) {
      if (this.#cursors.type[cursor] === 45) {
        g.state[slot] = waiting;
        changes.move(slot, waiting, 0, 0);
      } else this.#destroy(slot);
    }
    changes.tick(timeNs);
    g.state[next] = running;
    changes.move(next, running, 0, 0);
    if (thread !== NONE) this.#threads.goroutine[thread] = next;
    return true;
  }

  #status(cursor: number, timeNs: number, thread: number, stack: number): void {
    const { a0: goid, a1: m, a2: state } = this.#cursors;
    const g = this.#goroutines;
    this.#changes.tick(timeNs);
    if (state < runnable || state > waiting) {
      this.#faults.add('bad-event', this.#cursors.offsetOf(cursor), `goroutine ${goid} has a status of ${state}`);
      return;
    }
    let slot = g.find(goid);
    if (slot < 0) {
      if (!this.#isFirst)
        this.#lost(cursor, `goroutine ${goid} is told of for the first time after the first generation`);
      slot = this.#discover(goid, state, stack);
    } else if (g.state[slot] !== state) {
      this.#lost(cursor, `goroutine ${goid} has another state than the events before gave it`);
      g.state[slot] = state;
      this.#changes.move(slot, state, 0, stack);
    } else this.#changes.retell(slot, stack);
    g.seq[slot] = 0;
    if (state === running && thread !== NONE) this.#threads.goroutine[thread] = slot;
    else if (state === syscall && threadId(m) !== NONE) this.#threads.goroutine[this.#thread(threadId(m))] = slot;
  }

  #lost(cursor: number, message: string): void {
    this.#faults.add('out-of-order', this.#cursors.offsetOf(cursor), message);
  }
}
