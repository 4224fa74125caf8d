/** The `Time` of a line of `go test -json`; its nanoseconds are a group of their own, for a Date has none. */
const TIME = /"Time":"([^".]*)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)"/;

/**
 * Milliseconds since 1970, with the fraction that the line has; undefined when it has no Time (build output).
 *
 * @param {string} line
 * @returns {number | undefined}
 */
export function timeMsOf(line) {
  const match = TIME.exec(line);
  if (match === null) return undefined;
  const [, second, fraction = '0', zone] = match;
  return Date.parse(second + String(zone)) + Number(`0.${fraction}`) * 1000;
}

/**
 * The line with its Time moved, in UTC; below the millisecond its digits stay, and everything else stays as it was.
 *
 * @param {string} line
 * @param {number} shiftMs
 * @returns {string}
 */
export function replayed(line, shiftMs) {
  return line.replace(TIME, (_all, second, fraction = '', zone) => {
    const ms = Date.parse(second + zone) + Number(fraction.slice(0, 3).padEnd(3, '0')) + Math.round(shiftMs);
    return `"Time":"${new Date(ms).toISOString().slice(0, -1)}${fraction.slice(3)}Z"`;
  });
}
