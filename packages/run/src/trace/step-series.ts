import { F64Column } from '@observe/gotrace';

/** Rows after which steps are made twice as long. */
const LIMIT = 32_768;

/**
 * A number over time, one row a step, at most 32,768 rows whatever the length of the trace: the most that it was in the step.
 * A step without a row: as in the row before.
 */
export class StepSeries {
  stepNs = 1e6;
  /** Begin of the step. */
  readonly atNs = new F64Column();
  readonly value = new F64Column();

  /** Times do not go back. */
  push(atNs: number, value: number): void {
    if (this.atNs.length >= LIMIT) this.#widen();
    this.#put(atNs, value);
  }

  #put(atNs: number, value: number): void {
    const beginNs = Math.floor(atNs / this.stepNs) * this.stepNs;
    const last = this.atNs.length - 1;
    if (last >= 0 && (this.atNs.values[last] as number) >= beginNs) {
      this.value.values[last] = Math.max(this.value.values[last] as number, value);
    } else {
      this.atNs.push(beginNs);
      this.value.push(value);
    }
  }

  #widen(): void {
    while (this.atNs.length > LIMIT / 2) {
      const { length } = this.atNs;
      this.stepNs *= 2;
      this.atNs.length = 0;
      this.value.length = 0;
      // In place: a row is read before one is written there.
      for (let i = 0; i < length; i++) this.#put(this.atNs.values[i] as number, this.value.values[i] as number);
    }
  }
}
