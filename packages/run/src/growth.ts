/** Up to here an array is copied at its exact length: `push` makes room for 16 more, and each test has three arrays. */
const SMALL = 16;

/**
 * `items` with more at `length`: one number, or two or three that belong together. Versions of a state share an array and
 * know their own length, so that appending to a long one costs no copy; a version that is not the newest gets a copy of its part.
 */
export function grown(items: readonly number[], length: number, a: number, b?: number, c?: number): readonly number[] {
  const own =
    length < SMALL
      ? copied(items, length, length + 1 + (b === undefined ? 0 : 1) + (c === undefined ? 0 : 1))
      : items.length === length
        ? (items as number[])
        : items.slice(0, length);
  own[length] = a;
  if (b !== undefined) own[length + 1] = b;
  if (c !== undefined) own[length + 2] = c;
  return own;
}

function copied(items: readonly number[], length: number, newLength: number): number[] {
  const own = new Array<number>(newLength);
  for (let i = 0; i < length; i++) own[i] = items[i] ?? 0;
  return own;
}
