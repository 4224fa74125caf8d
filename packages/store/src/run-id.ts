/** Without i, l, o, u: read and typed by people. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * `20261123-113045-k7qx`: local time of `date`; then its milliseconds in two letters and two out of `random` (0 ≤ r < 1).
 * Sorts by age, to the millisecond.
 */
export function newRunId(date: Date, random: () => number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = two(date.getHours()) + two(date.getMinutes()) + two(date.getSeconds());
  const letter = (n: number): string => LETTERS.charAt(n % LETTERS.length);
  const ms = date.getMilliseconds();
  const letters = [Math.floor(ms / LETTERS.length), ms, random() * LETTERS.length, random() * LETTERS.length];
  return `${day}-${time}-${letters.map((n) => letter(Math.floor(n))).join('')}`;
}
