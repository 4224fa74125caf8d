import { F64Column, I32Column, U8Column } from '@observe/gotrace';

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
  /** Row of the strings: the function of the program that wrote; NONE: the library alone. */
  readonly by = new I32Column();
  /** 1: by `fmt.Print` and kin or the standard logger, which print unless somebody has turned them elsewhere. */
  readonly isSure = new U8Column();
  /** Writes that found no room: what was printed after the last row is not here. */
  dropped = 0;

  get length(): number {
    return this.atNs.length;
  }

  push(atNs: number, goroutine: number, by: number, isSure: boolean): void {
    if (this.length >= LIMIT) {
      this.dropped++;
      return;
    }
    this.atNs.push(atNs);
    this.goroutine.push(goroutine);
    this.by.push(by);
    this.isSure.push(isSure ? 1 : 0);
  }

  /** Sorts the rows from `from` on, those of one segment: they came by the ends of the writes. */
  sort(from: number): void {
    const times = this.atNs.values.slice(from, this.length);
    const order = Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
    for (const column of [this.atNs, this.goroutine, this.by, this.isSure]) {
      const values = column.values.slice(from, this.length);
      order.forEach((row, i) => (column.values[from + i] = values[row] as number));
    }
  }
}
