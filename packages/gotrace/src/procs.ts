import { grownF64, grownI32, grownU8 } from './columns.ts';
import { UNTOLD } from './goroutines.ts';
import { IdMap } from './id-map.ts';
import { NONE } from './tables.ts';

/** Status of a P; the numbers are Go's own. Abandoned: in a syscall whose thread is not known. */
export const PROC_STATUS = { running: 1, idle: 2, syscall: 3, abandoned: 4 } as const;

/** Ps and what the order of events needs to know of them. They are never forgotten: there are GOMAXPROCS. */
export class Procs {
  count = 0;
  id = new Float64Array(16);
  status = new Uint8Array(16);
  seq = new Float64Array(16);
  readonly #rows = new IdMap();

  /** -1: never seen. */
  find(id: number): number {
    return this.#rows.get(id);
  }

  add(id: number, status: number): number {
    const proc = this.count++;
    if (proc === this.id.length) this.#grow();
    this.#rows.set(id, proc);
    this.id[proc] = id;
    this.status[proc] = status;
    this.seq[proc] = UNTOLD;
    return proc;
  }

  /** ProcStart: the thread gets the P. False: not now. */
  start(id: number, seq: number, threads: Threads, thread: number, isForced: boolean): boolean {
    let proc = this.find(id);
    const isReady =
      proc >= 0 &&
      this.status[proc] === PROC_STATUS.idle &&
      seq === (this.seq[proc] as number) + 1 &&
      (thread === NONE || threads.proc[thread] === NONE);
    if (!isReady) {
      if (!isForced) return false;
      if (proc < 0) proc = this.add(id, PROC_STATUS.idle);
    }
    this.status[proc] = PROC_STATUS.running;
    this.seq[proc] = seq;
    if (thread !== NONE) threads.proc[thread] = proc;
    return true;
  }

  /** ProcStop: the thread gives its P back. */
  stop(threads: Threads, thread: number): void {
    const proc = threads.proc[thread] as number;
    if (proc === NONE) return;
    this.status[proc] = PROC_STATUS.idle;
    threads.proc[thread] = NONE;
  }

  /** ProcSteal: a P is taken from a thread in a syscall. False: not now. */
  steal(id: number, seq: number, threads: Threads, victim: number, isForced: boolean): boolean {
    let proc = this.find(id);
    const status = proc < 0 ? 0 : (this.status[proc] as number);
    const isTaken = status === PROC_STATUS.syscall || status === PROC_STATUS.abandoned;
    if (!isTaken || seq !== (this.seq[proc] as number) + 1) {
      if (!isForced) return false;
      if (proc < 0) proc = this.add(id, PROC_STATUS.idle);
    }
    this.status[proc] = PROC_STATUS.idle;
    this.seq[proc] = seq;
    // An abandoned P has no thread to take it from.
    if (status === PROC_STATUS.abandoned) return true;
    const from = victim === NONE ? NONE : threads.find(victim);
    if (from !== NONE && threads.proc[from] === proc) threads.proc[from] = NONE;
    return true;
  }

  /** ProcStatus. */
  tell(id: number, status: number, threads: Threads, thread: number): void {
    let proc = this.find(id);
    if (proc < 0) proc = this.add(id, status);
    // Abandoned is a syscall of which less is known: when we know more, it stays one.
    else if (status !== PROC_STATUS.abandoned || this.status[proc] !== PROC_STATUS.syscall) this.status[proc] = status;
    this.seq[proc] = 0;
    const isBound = status === PROC_STATUS.running || status === PROC_STATUS.syscall;
    if (isBound && thread !== NONE) threads.proc[thread] = proc;
  }

  #grow(): void {
    this.id = grownF64(this.id);
    this.status = grownU8(this.status);
    this.seq = grownF64(this.seq);
  }
}

/** Threads (Ms): which goroutine and which P each has. */
export class Threads {
  count = 0;
  id = new Float64Array(16);
  /** Slot of the goroutine that it runs, also while that is in a syscall; NONE. */
  goroutine = new Int32Array(16);
  proc = new Int32Array(16);
  readonly #rows = new IdMap();

  find(id: number): number {
    return this.#rows.get(id);
  }

  add(id: number): number {
    const thread = this.count++;
    if (thread === this.id.length) this.#grow();
    this.#rows.set(id, thread);
    this.id[thread] = id;
    this.goroutine[thread] = NONE;
    this.proc[thread] = NONE;
    return thread;
  }

  /** Drops threads that have nothing, when there are more than `limit`: ids of ended threads are not told apart from idle ones. */
  prune(limit: number): void {
    if (this.count <= limit) return;
    const { id, goroutine, proc, count } = this;
    this.#rows.clear();
    this.count = 0;
    for (let i = 0; i < count; i++) {
      if (goroutine[i] === NONE && proc[i] === NONE) continue;
      const [g, p] = [goroutine[i] as number, proc[i] as number];
      const kept = this.add(id[i] as number);
      this.goroutine[kept] = g;
      this.proc[kept] = p;
    }
  }

  #grow(): void {
    this.id = grownF64(this.id);
    this.goroutine = grownI32(this.goroutine);
    this.proc = grownI32(this.proc);
  }
}
