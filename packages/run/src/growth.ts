/** Up to here an array is copied at its exact length: `push` makes room for 16 more, and each test has three arrays. */
const SMALL = 16;

/**
 * `items` with one more at `length`. Versions of a state share an array and know their own length, so that appending
 * to a long one costs no copy; a version that is not the newest gets a copy of its part.
 */
export function grown(items: readonly number[], length: number, item: number): readonly number[] {
  if (length >= SMALL) {
    const own = items.length === length ? (items as number[]) : items.slice(0, length);
    own.push(item);
    return own;
  }
  const own = new Array<number>(length + 1);
  for (let i = 0; i < length; i++) own[i] = items[i] ?? 0;
  own[length] = item;
  return own;
}
