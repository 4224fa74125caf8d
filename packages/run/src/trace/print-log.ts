import { F64Column, I32Column } from '@observe/gotrace';

/** Rows that are kept; later writes are only counted. */
const LIMIT = 1 << 20;

/**
 * Writes to files by way of `os.(*File).Write`, by code of the program and not of package testing: most of them print to the test's
 * output, some go to files of their own; the trace does not tell which. Sorted by time.
 */
export class PrintLog {
  /** Begin of the write(2). */
  readonly atNs = new F64Column();
  readonly goroutine = new I32Column();
  /** Writes that found no room: what was printed after the last row is not here. */
  dropped = 0;

  get length(): number {
    return this.atNs.length;
  }

  push(atNs: number, goroutine: number): void {
    if (this.length >= LIMIT) {
      this.dropped++;
      return;
    }
    this.atNs.push(atNs);
    this.goroutine.push(goroutine);
  }

  /** Sorts the rows from `from` on, those of one segment: they came by the ends of the writes. */
  sort(from: number): void {
    const { atNs, goroutine, length } = this;
    const times = atNs.values.slice(from, length);
    const rows = goroutine.values.slice(from, length);
    const order = Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
    order.forEach((row, i) => {
      atNs.values[from + i] = times[row] as number;
      goroutine.values[from + i] = rows[row] as number;
    });
  }
}
