import { RegionBuilder, TaskBuilder } from './annotation-builder.ts';
import { LabelBuilder, LogBuilder, MetricBuilder, RangeBuilder } from './event-tables.ts';
import type { GenerationTables } from './generation-tables.ts';
import { F64Column, I32Column } from './columns.ts';
import type { OpenIntervals } from './open-intervals.ts';
import { BEFORE, METRIC_KIND, NONE, OPEN, RANGE_KIND } from './tables.ts';
import type { LabelTable, LogTable, MetricTable, RangeTable, RegionTable, TaskTable } from './tables.ts';

/** Events that move no goroutine: ranges of the runtime, metrics, labels, user annotations. */
export class RuntimeEvents {
  readonly #ranges = new RangeBuilder();
  readonly #metrics = new MetricBuilder();
  readonly #labels = new LabelBuilder();
  readonly #logs = new LogBuilder();
  readonly #tasks: TaskBuilder;
  readonly #regions: RegionBuilder;
  readonly #tables: GenerationTables;
  readonly #open: OpenIntervals;
  /** By P: begin of the sweep that it is in; OPEN: in none. */
  readonly #sweepNs = new F64Column();
  readonly #sweepStack = new I32Column();
  #gcNs = OPEN;
  #gcStack = NONE;

  constructor(tables: GenerationTables, open: OpenIntervals, openLimit: number) {
    this.#tables = tables;
    this.#open = open;
    this.#tasks = new TaskBuilder(openLimit);
    this.#regions = new RegionBuilder(openLimit);
  }

  /** Tasks and regions for which there was no room, since the last time it was asked. */
  takeDropped(): number {
    const dropped = this.#tasks.dropped + this.#regions.dropped;
    this.#tasks.dropped = this.#regions.dropped = 0;
    return dropped;
  }

  /** An event 28 – 30. */
  gc(type: number, atNs: number, stack: number): void {
    if (type === 30) {
      if (this.#gcNs !== OPEN) this.#ranges.add(RANGE_KIND.gc, this.#gcNs, atNs, NONE, NONE, this.#gcStack);
      this.#gcNs = OPEN;
    } else if (type === 29) {
      this.#gcNs = atNs;
      this.#gcStack = this.#tables.stack(stack);
    } else if (this.#gcNs === OPEN) {
      this.#gcNs = BEFORE;
      this.#gcStack = NONE;
    }
  }

  /** Any other event that moves nothing. `slot`: the goroutine that the thread runs, or that is named; `proc`: its P; each NONE if none. */
  apply(type: number, atNs: number, slot: number, proc: number, a0: number, a1: number, a2: number, a3: number): void {
    const tables = this.#tables;
    const g = this.#open;
    const row = slot === NONE ? NONE : (g.row[slot] as number);
    switch (type) {
      case 9: // ProcsChange: procs, stack
        this.#metrics.add(atNs, METRIC_KIND.gomaxprocs, a0);
        return;
      case 37: // HeapAlloc: bytes
        this.#metrics.add(atNs, METRIC_KIND.heapAllocBytes, a0);
        return;
      case 38: // HeapGoal: bytes
        this.#metrics.add(atNs, METRIC_KIND.heapGoalBytes, a0);
        return;
      case 39: // GoLabel: label
        this.#labels.add(atNs, row, tables.strings.row(a0));
        return;
      case 40: // UserTaskBegin: task, parent, name, stack
        this.#tasks.start(atNs, a0, a1, tables.strings.row(a2), row, tables.stack(a3));
        return;
      case 41: // UserTaskEnd: task, stack
        this.#tasks.end(atNs, a0, tables.stack(a1));
        return;
      case 44: // UserLog: task, key, value, stack
        this.#logs.add(atNs, row, a0, tables.strings.row(a1), tables.strings.text(a2), tables.stack(a3));
        return;
      case 31: // GCSweepActive: p
        if (proc !== NONE && this.#sweepNsOf(proc) === OPEN) this.#sweep(proc, BEFORE, NONE);
        return;
      case 32: // GCSweepBegin: stack
        if (proc !== NONE) this.#sweep(proc, atNs, tables.stack(a0));
        return;
      case 33: // GCSweepEnd: swept, reclaimed
        if (proc !== NONE) this.#endSweep(proc, atNs, a0, a1);
        return;
      case 34: // GCMarkAssistActive: g
        this.#assistActive(slot);
        return;
      default:
        if (slot !== NONE) this.#onGoroutine(type, atNs, slot, row, a0, a1, a2);
    }
  }

  #onGoroutine(type: number, atNs: number, slot: number, row: number, a0: number, a1: number, a2: number): void {
    const tables = this.#tables;
    const g = this.#open;
    switch (type) {
      case 26: // STWBegin: kind, stack
        g.stopNs[slot] = atNs;
        g.stopName[slot] = tables.strings.row(a0);
        g.stopStack[slot] = tables.stack(a1);
        return;
      case 27: // STWEnd
        this.#endStop(slot, row, atNs);
        return;
      case 35: // GCMarkAssistBegin: stack
        g.assistNs[slot] = atNs;
        g.assistStack[slot] = tables.stack(a0);
        return;
      case 36: // GCMarkAssistEnd
        this.#endAssist(slot, row, atNs);
        return;
      case 42: // UserRegionBegin: task, name, stack
        g.region[slot] = this.#regions.start(
          g.region[slot] as number,
          atNs,
          a0,
          tables.strings.row(a1),
          tables.stack(a2),
        );
        return;
      case 43: // UserRegionEnd: task, name, stack
        g.region[slot] = this.#regions.end(
          g.region[slot] as number,
          atNs,
          row,
          a0,
          tables.strings.row(a1),
          tables.stack(a2),
        );
        return;
      default: // an experiment's event: it has its place in the order, and no table
    }
  }

  /** What a goroutine had open ends with it. */
  leave(slot: number, atNs: number): void {
    const g = this.#open;
    const row = g.row[slot] as number;
    if (g.region[slot] !== NONE) this.#regions.endAll(g.region[slot] as number, atNs, row);
    if (g.assistNs[slot] !== OPEN) this.#endAssist(slot, row, atNs);
    if (g.stopNs[slot] !== OPEN) this.#endStop(slot, row, atNs);
  }

  /** The trace is over: what is open becomes rows that end OPEN. */
  close(): void {
    const g = this.#open;
    this.#tasks.close();
    for (let slot = 0; slot < g.count; slot++) if (g.row[slot] !== NONE) this.leave(slot, OPEN);
    if (this.#gcNs !== OPEN) this.#ranges.add(RANGE_KIND.gc, this.#gcNs, OPEN, NONE, NONE, this.#gcStack);
    this.#gcNs = OPEN;
    for (let proc = 0; proc < this.#sweepNs.length; proc++) this.#endSweep(proc, OPEN, 0, 0);
  }

  take(): RuntimeTables {
    return {
      ranges: this.#ranges.take(),
      metrics: this.#metrics.take(),
      labels: this.#labels.take(),
      logs: this.#logs.take(),
      tasks: this.#tasks.take(),
      regions: this.#regions.take(),
    };
  }

  /** Says that a range is active. Only for one that began before the trace is that news. */
  #assistActive(slot: number): void {
    if (slot === NONE || this.#open.assistNs[slot] !== OPEN) return;
    this.#open.assistNs[slot] = BEFORE;
    this.#open.assistStack[slot] = NONE;
  }

  #sweepNsOf(proc: number): number {
    return proc < this.#sweepNs.length ? (this.#sweepNs.values[proc] as number) : OPEN;
  }

  #sweep(proc: number, startNs: number, stack: number): void {
    while (proc >= this.#sweepNs.length) {
      this.#sweepNs.push(OPEN);
      this.#sweepStack.push(NONE);
    }
    this.#sweepNs.values[proc] = startNs;
    this.#sweepStack.values[proc] = stack;
  }

  #endAssist(slot: number, row: number, atNs: number): void {
    const g = this.#open;
    const startNs = g.assistNs[slot] as number;
    if (startNs === OPEN) return;
    this.#ranges.add(RANGE_KIND.markAssist, startNs, atNs, row, NONE, g.assistStack[slot] as number);
    g.assistNs[slot] = OPEN;
  }

  #endStop(slot: number, row: number, atNs: number): void {
    const g = this.#open;
    const startNs = g.stopNs[slot] as number;
    if (startNs === OPEN) return;
    const name = g.stopName[slot] as number;
    this.#ranges.add(RANGE_KIND.stopTheWorld, startNs, atNs, row, name, g.stopStack[slot] as number);
    g.stopNs[slot] = OPEN;
  }

  #endSweep(proc: number, atNs: number, sweptBytes: number, reclaimedBytes: number): void {
    const startNs = this.#sweepNsOf(proc);
    if (startNs === OPEN) return;
    const stack = this.#sweepStack.values[proc] as number;
    this.#ranges.add(RANGE_KIND.sweep, startNs, atNs, NONE, NONE, stack, sweptBytes, reclaimedBytes);
    this.#sweep(proc, OPEN, NONE);
  }
}

export interface RuntimeTables {
  readonly ranges: RangeTable;
  readonly metrics: MetricTable;
  readonly labels: LabelTable;
  readonly logs: LogTable;
  readonly tasks: TaskTable;
  readonly regions: RegionTable;
}
