import { F64Column, I32Column } from './columns.ts';
import { BEFORE, NONE, OPEN, type RegionTable, type TaskTable } from './tables.ts';

/** Rows of a `TaskTable`: those that ended, while the open ones wait here. */
export class TaskBuilder {
  /** Tasks that began while `limit` others were open: their ends will look like those of tasks before the trace. */
  dropped = 0;
  /** By id; the least that a task needs until it ends. */
  readonly #open = new Map<number, OpenTask>();
  readonly #limit: number;
  readonly #id = new F64Column();
  readonly #parent = new F64Column();
  readonly #name = new I32Column();
  readonly #startNs = new F64Column();
  readonly #endNs = new F64Column();
  readonly #goroutine = new I32Column();
  readonly #startStack = new I32Column();
  readonly #endStack = new I32Column();

  constructor(limit: number) {
    this.#limit = limit;
  }

  start(atNs: number, id: number, parent: number, name: number, goroutine: number, stack: number): void {
    if (this.#open.size >= this.#limit) this.dropped++;
    else this.#open.set(id, { parent, name, atNs, goroutine, stack });
  }

  /** A task may end more than once: then it has no start. */
  end(atNs: number, id: number, stack: number): void {
    const task = this.#open.get(id);
    this.#open.delete(id);
    this.#add(id, task ?? UNSEEN_TASK, atNs, stack);
  }

  /** Tasks that never ended become rows. */
  close(): void {
    for (const [id, task] of this.#open) this.#add(id, task, OPEN, NONE);
    this.#open.clear();
  }

  take(): TaskTable {
    return {
      length: this.#id.length,
      id: this.#id.take(),
      parent: this.#parent.take(),
      name: this.#name.take(),
      startNs: this.#startNs.take(),
      endNs: this.#endNs.take(),
      goroutine: this.#goroutine.take(),
      startStack: this.#startStack.take(),
      endStack: this.#endStack.take(),
    };
  }

  #add(id: number, task: OpenTask, endNs: number, endStack: number): void {
    this.#id.push(id);
    this.#parent.push(task.parent);
    this.#name.push(task.name);
    this.#startNs.push(task.atNs);
    this.#endNs.push(endNs);
    this.#goroutine.push(task.goroutine);
    this.#startStack.push(task.stack);
    this.#endStack.push(endStack);
  }
}

interface OpenTask {
  readonly parent: number;
  readonly name: number;
  readonly atNs: number;
  readonly goroutine: number;
  readonly stack: number;
}

const UNSEEN_TASK: OpenTask = { parent: 0, name: NONE, atNs: BEFORE, goroutine: NONE, stack: NONE };

/** Rows of a `RegionTable`. Open regions of a goroutine are a chain, the innermost first, in columns that are used again. */
export class RegionBuilder {
  dropped = 0;
  readonly #limit: number;
  readonly #openTask = new F64Column();
  readonly #openName = new I32Column();
  readonly #openNs = new F64Column();
  readonly #openStack = new I32Column();
  readonly #outer = new I32Column();
  #free = NONE;
  #openCount = 0;
  readonly #goroutine = new I32Column();
  readonly #task = new F64Column();
  readonly #name = new I32Column();
  readonly #startNs = new F64Column();
  readonly #endNs = new F64Column();
  readonly #startStack = new I32Column();
  readonly #endStack = new I32Column();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the new innermost region; `outer` when there is no room for one more. */
  start(outer: number, atNs: number, task: number, name: number, stack: number): number {
    if (this.#openCount >= this.#limit) {
      this.dropped++;
      return outer;
    }
    this.#openCount++;
    if (this.#free === NONE) {
      this.#openTask.push(task);
      this.#openName.push(name);
      this.#openNs.push(atNs);
      this.#openStack.push(stack);
      this.#outer.push(outer);
      return this.#outer.length - 1;
    }
    const open = this.#free;
    this.#free = this.#outer.values[open] as number;
    this.#openTask.values[open] = task;
    this.#openName.values[open] = name;
    this.#openNs.values[open] = atNs;
    this.#openStack.values[open] = stack;
    this.#outer.values[open] = outer;
    return open;
  }

  /**
   * Ends a region of a goroutine; returns what is then the innermost. One that is not the innermost began before the trace,
   * or the program ends its regions out of order: it has no start, and the others stay open.
   */
  end(innermost: number, atNs: number, goroutine: number, task: number, name: number, stack: number): number {
    const isIt =
      innermost !== NONE && this.#openTask.values[innermost] === task && this.#openName.values[innermost] === name;
    if (!isIt) {
      this.#add(goroutine, task, name, BEFORE, atNs, NONE, stack);
      return innermost;
    }
    return this.#close(innermost, atNs, goroutine, stack);
  }

  /** The goroutine, or the trace, is over. */
  endAll(innermost: number, atNs: number, goroutine: number): void {
    for (let open = innermost; open !== NONE;) open = this.#close(open, atNs, goroutine, NONE);
  }

  take(): RegionTable {
    return {
      length: this.#name.length,
      goroutine: this.#goroutine.take(),
      task: this.#task.take(),
      name: this.#name.take(),
      startNs: this.#startNs.take(),
      endNs: this.#endNs.take(),
      startStack: this.#startStack.take(),
      endStack: this.#endStack.take(),
    };
  }

  #close(open: number, atNs: number, goroutine: number, stack: number): number {
    const outer = this.#outer.values[open] as number;
    this.#add(
      goroutine,
      this.#openTask.values[open] as number,
      this.#openName.values[open] as number,
      this.#openNs.values[open] as number,
      atNs,
      this.#openStack.values[open] as number,
      stack,
    );
    this.#outer.values[open] = this.#free;
    this.#free = open;
    this.#openCount--;
    return outer;
  }

  #add(
    goroutine: number,
    task: number,
    name: number,
    startNs: number,
    endNs: number,
    startStack: number,
    endStack: number,
  ): void {
    this.#goroutine.push(goroutine);
    this.#task.push(task);
    this.#name.push(name);
    this.#startNs.push(startNs);
    this.#endNs.push(endNs);
    this.#startStack.push(startStack);
    this.#endStack.push(endStack);
  }
}
