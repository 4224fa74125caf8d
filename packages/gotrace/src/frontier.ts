/** More than a machine has processors; insertion is then too slow. */
const MANY = 256;

/**
 * The threads of a generation that have events left, a heap by the time of their next one. It is Go's heap, step by step, for
 * where two threads have the same time the heap's shape decides, and Go's reader is the measure.
 */
export class Frontier {
  length = 0;
  /** By cursor: time of its next event, ns. */
  timeNs = new Float64Array(64);
  /** Cursors; `at[0]` has the least time. */
  at = new Int32Array(64);

  reset(cursors: number): void {
    this.length = 0;
    if (this.at.length >= cursors) return;
    this.timeNs = new Float64Array(cursors * 2);
    this.at = new Int32Array(cursors * 2);
  }

  insert(cursor: number): void {
    this.at[this.length++] = cursor;
    this.#up(this.length - 1);
  }

  /** The time of the cursor at place `i` has changed. */
  update(i: number): void {
    if (this.#up(i) === i) this.down(i);
  }

  remove(i: number): void {
    for (let child = i; child > 0;) {
      const parent = (child - 1) >> 1;
      this.#swap(child, parent);
      child = parent;
    }
    this.length--;
    this.at[0] = this.at[this.length] as number;
    this.down(0);
  }

  /** Least time among those behind the first; +∞ when there are none. */
  secondNs(): number {
    if (this.length < 2) return Number.POSITIVE_INFINITY;
    const left = this.timeNs[this.at[1] as number] as number;
    if (this.length === 2) return left;
    const right = this.timeNs[this.at[2] as number] as number;
    return left < right ? left : right;
  }

  /** Sorts all; a sorted heap is a heap. Few by insertion: they are nearly sorted when they were sorted a moment ago. */
  sort(): void {
    const { at, timeNs, length } = this;
    if (length > MANY) {
      at.subarray(0, length).sort((a, b) => (timeNs[a] as number) - (timeNs[b] as number));
      return;
    }
    for (let i = 1; i < length; i++) {
      const cursor = at[i] as number;
      const time = timeNs[cursor] as number;
      let j = i;
      for (; j > 0 && (timeNs[at[j - 1] as number] as number) > time; j--) at[j] = at[j - 1] as number;
      at[j] = cursor;
    }
  }

  down(start: number): void {
    const { at, timeNs, length } = this;
    for (let i = start; ;) {
      let least = i;
      let time = i < length ? (timeNs[at[i] as number] as number) : Number.POSITIVE_INFINITY;
      for (let child = 2 * i + 1; child <= 2 * i + 2 && child < length; child++) {
        const childTime = timeNs[at[child] as number] as number;
        if (childTime >= time) continue;
        time = childTime;
        least = child;
      }
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #up(start: number): number {
    const { at, timeNs } = this;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if ((timeNs[at[parent] as number] as number) <= (timeNs[at[i] as number] as number)) break;
      this.#swap(i, parent);
      i = parent;
    }
    return i;
  }

  #swap(i: number, j: number): void {
    const moved = this.at[i] as number;
    this.at[i] = this.at[j] as number;
    this.at[j] = moved;
  }
}
