import type { ChangeSink, GenerationHead, TableSource } from './changes.ts';
import type { FaultList } from './fault.ts';
import { GenerationTables } from './generation-tables.ts';
import type { Limits } from './limits.ts';
import { ReasonList } from './reasons.ts';
import { SymbolBuilder } from './symbols.ts';
import type { ExperimentalBatch, RangeTable, RegionTable, Segment, TaskTable } from './tables.ts';
import { Timeline } from './timeline.ts';

/** What has not ended when the trace does: rows whose `endNs` is OPEN. */
export interface OpenTables {
  readonly tasks: TaskTable;
  readonly regions: RegionTable;
  readonly ranges: RangeTable;
}

/** Changes to segments: the second half of a reader. `onSegment` must not call back. */
export class TableWriter extends Timeline implements ChangeSink {
  readonly #symbols: SymbolBuilder;
  readonly #reasons: ReasonList;
  readonly #tables: GenerationTables;
  readonly #faults: FaultList;
  readonly #onSegment: (segment: Segment) => void;
  #head: GenerationHead | undefined;
  #startNs = 0;
  #part = 0;

  constructor(limits: Limits, faults: FaultList, onSegment: (segment: Segment) => void) {
    const symbols = new SymbolBuilder();
    const reasons = new ReasonList();
    const tables = new GenerationTables(symbols, reasons, faults);
    super(tables, limits.segmentIntervals, limits.openAnnotations);
    this.#symbols = symbols;
    this.#reasons = reasons;
    this.#tables = tables;
    this.#faults = faults;
    this.#onSegment = onSegment;
  }

  begin(head: GenerationHead, source: TableSource): void {
    this.#head = head;
    this.#startNs = head.startNs;
    this.#part = 0;
    this.#tables.read(source);
    this.beginSegment();
  }

  cut(): void {
    this.#give(false, 0, []);
    this.beginSegment();
  }

  end(endOffset: number, experimental: readonly ExperimentalBatch[]): void {
    this.#give(true, endOffset, experimental);
  }

  /** The trace is over. `endOffset`: of its last generation. */
  finish(endOffset: number): OpenTables {
    const dropped = this.runtime.takeDropped();
    if (dropped > 0) this.#faults.add('too-large', endOffset, `${dropped} user tasks and regions found no room`);
    this.runtime.close();
    const { tasks, regions, ranges } = this.runtime.take();
    return { tasks, regions, ranges };
  }

  #give(isLast: boolean, endOffset: number, experimental: readonly ExperimentalBatch[]): void {
    const head = this.#head;
    if (head === undefined) return;
    const isComplete = head.isWhole && this.#tables.missingStacks === 0 && this.#tables.strings.missing === 0;
    const byteLength = endOffset - head.offset + (isComplete ? head.markBytes : 0);
    this.#onSegment({
      generation: head.number,
      part: this.#part++,
      isLast,
      isComplete,
      offset: head.offset,
      byteLength: isLast ? byteLength : 0,
      startNs: this.#startNs,
      endNs: this.lastNs,
      events: this.events,
      frequencyHz: head.frequencyHz,
      originMonoNs: head.originMonoNs,
      clock: head.clock,
      reasons: this.#reasons.texts,
      ...this.take(),
      symbols: this.#symbols.take(),
      experimental,
    });
    this.#startNs = this.lastNs;
  }
}
