/** A size for people, in steps of 1000 and at most three digits: `0 B`, `940 B`, `17.2 kB`, `7.75 MB`. Unknown is `–`. */
export function formatBytes(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const abs = Math.abs(size);
  const digits = unit === 0 || abs >= 99.95 ? 0 : abs >= 9.995 ? 1 : 2;
  const text = size.toFixed(digits);
  return `${digits === 0 ? text : text.replace(/\.?0+$/, '')} ${UNITS[unit] ?? ''}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
