/**
 * `items` with one more at `length`. Versions of a state share an array and know their own length, so that appending
 * costs no copy; a version that is not the newest gets a copy of its part.
 */
export function grown(items: readonly number[], length: number, item: number): number[] {
  const own = items.length === length && length > 0 ? (items as number[]) : items.slice(0, length);
  own.push(item);
  return own;
}
