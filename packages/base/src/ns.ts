declare const unit: unique symbol;

/** Nanoseconds since the origin of one clock. Exact up to 2^53 ns = 104 days. */
export type Ns = number & { readonly [unit]: 'ns' };

/** Says that a number is nanoseconds since an origin. */
export const ns = (value: number): Ns => value as Ns;

/** `Elapsed` as test2json writes it: seconds, printed by `testing` with two decimals (packages: three). */
export const nsFromElapsed = (seconds: number): Ns => ns(Math.round(seconds * 1e9));

/** Milliseconds to nanoseconds. */
export const nsFromMs = (ms: number): Ns => ns(Math.round(ms * 1e6));

/**
 * A duration for people, in Go's spelling with at most three digits: `1.5s`, `230ms`, `12µs`, `2m05s`, `1h02m`.
 * Unknown is `–`.
 */
export function formatNs(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const abs = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (abs < 999.5) return `${sign}${Math.round(abs)}ns`;
  if (abs < 999.5e3) return `${sign}${threeDigits(abs / 1e3)}µs`;
  if (abs < 999.5e6) return `${sign}${threeDigits(abs / 1e6)}ms`;
  if (abs < 59.95e9) return `${sign}${threeDigits(abs / 1e9)}s`;
  const seconds = Math.round(abs / 1e9);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${sign}${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}

const two = (n: number): string => String(n).padStart(2, '0');

function threeDigits(value: number): string {
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  return digits === 0 ? text : text.replace(/\.?0+$/, '');
}
