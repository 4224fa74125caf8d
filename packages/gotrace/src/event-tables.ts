import { F64Column, I32Column, U8Column } from './columns.ts';
import type { LabelTable, LogTable, MetricTable, RangeTable, SampleTable } from './tables.ts';

/** Rows of a `RangeTable`. */
export class RangeBuilder {
  readonly #kind = new U8Column();
  readonly #startNs = new F64Column();
  readonly #endNs = new F64Column();
  readonly #goroutine = new I32Column();
  readonly #name = new I32Column();
  readonly #stack = new I32Column();
  readonly #sweptBytes = new F64Column();
  readonly #reclaimedBytes = new F64Column();

  add(
    kind: number,
    startNs: number,
    endNs: number,
    goroutine: number,
    name: number,
    stack: number,
    sweptBytes = 0,
    reclaimedBytes = 0,
  ): void {
    this.#kind.push(kind);
    this.#startNs.push(startNs);
    this.#endNs.push(endNs);
    this.#goroutine.push(goroutine);
    this.#name.push(name);
    this.#stack.push(stack);
    this.#sweptBytes.push(sweptBytes);
    this.#reclaimedBytes.push(reclaimedBytes);
  }

  take(): RangeTable {
    return {
      length: this.#kind.length,
      kind: this.#kind.take(),
      startNs: this.#startNs.take(),
      endNs: this.#endNs.take(),
      goroutine: this.#goroutine.take(),
      name: this.#name.take(),
      stack: this.#stack.take(),
      sweptBytes: this.#sweptBytes.take(),
      reclaimedBytes: this.#reclaimedBytes.take(),
    };
  }
}

/** Rows of a `MetricTable`. */
export class MetricBuilder {
  readonly #atNs = new F64Column();
  readonly #kind = new U8Column();
  readonly #value = new F64Column();

  add(atNs: number, kind: number, value: number): void {
    this.#atNs.push(atNs);
    this.#kind.push(kind);
    this.#value.push(value);
  }

  take(): MetricTable {
    return {
      length: this.#atNs.length,
      atNs: this.#atNs.take(),
      kind: this.#kind.take(),
      value: this.#value.take(),
    };
  }
}

/** Rows of a `LogTable`. */
export class LogBuilder {
  readonly #atNs = new F64Column();
  readonly #goroutine = new I32Column();
  readonly #task = new F64Column();
  readonly #category = new I32Column();
  #message: string[] = [];
  readonly #stack = new I32Column();

  add(atNs: number, goroutine: number, task: number, category: number, message: string, stack: number): void {
    this.#atNs.push(atNs);
    this.#goroutine.push(goroutine);
    this.#task.push(task);
    this.#category.push(category);
    this.#message.push(message);
    this.#stack.push(stack);
  }

  take(): LogTable {
    const message = this.#message;
    this.#message = [];
    return {
      length: message.length,
      atNs: this.#atNs.take(),
      goroutine: this.#goroutine.take(),
      task: this.#task.take(),
      category: this.#category.take(),
      message,
      stack: this.#stack.take(),
    };
  }
}

/** Rows of a `LabelTable`. */
export class LabelBuilder {
  readonly #atNs = new F64Column();
  readonly #goroutine = new I32Column();
  readonly #label = new I32Column();

  add(atNs: number, goroutine: number, label: number): void {
    this.#atNs.push(atNs);
    this.#goroutine.push(goroutine);
    this.#label.push(label);
  }

  take(): LabelTable {
    return {
      length: this.#atNs.length,
      atNs: this.#atNs.take(),
      goroutine: this.#goroutine.take(),
      label: this.#label.take(),
    };
  }
}

/** Rows of a `SampleTable`. */
export class SampleBuilder {
  readonly #atNs = new F64Column();
  readonly #goid = new F64Column();
  readonly #goroutine = new I32Column();
  readonly #thread = new F64Column();
  readonly #proc = new F64Column();
  readonly #stack = new I32Column();

  add(atNs: number, goid: number, goroutine: number, thread: number, proc: number, stack: number): void {
    this.#atNs.push(atNs);
    this.#goid.push(goid);
    this.#goroutine.push(goroutine);
    this.#thread.push(thread);
    this.#proc.push(proc);
    this.#stack.push(stack);
  }

  take(): SampleTable {
    return {
      length: this.#atNs.length,
      atNs: this.#atNs.take(),
      goid: this.#goid.take(),
      goroutine: this.#goroutine.take(),
      thread: this.#thread.take(),
      proc: this.#proc.take(),
      stack: this.#stack.take(),
    };
  }
}
