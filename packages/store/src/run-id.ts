/** Without i, l, o, u: read and typed by people. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** `20261123-113045-k7qx`: local time of `date`, and four letters out of `random` (0 ≤ r < 1). Sorts by age. */
export function newRunId(date: Date, random: () => number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = two(date.getHours()) + two(date.getMinutes()) + two(date.getSeconds());
  const letters = Array.from({ length: 4 }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join('');
  return `${day}-${time}-${letters}`;
}
