/** Of one process, beyond which its trace is cut. A busy package writes some megabytes a second. */
export const DEFAULT_MAX_TRACE_BYTES = 1024 ** 3;

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `500M`, `2GiB`, `1048576`: bytes, in powers of 1024. Undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text);
  const unit = UNITS[found?.[2]?.toLowerCase() ?? ''];
  return found === null || unit === undefined ? undefined : Math.round(Number(found[1]) * unit);
}
