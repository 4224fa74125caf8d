import { ns, type Ns } from '@observe/base';

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // U+00B5, as Go writes it
  μs: 1e3, // U+03BC
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(\d{1,16}(?:\.\d{1,16})?)(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration as Go prints it: `1h2m3s`, `1.5s`, `10m0s`. Undefined when it is none. */
export function parseGoDuration(text: string): Ns | undefined {
  const isNegative = text.startsWith('-');
  let at = isNegative ? 1 : 0;
  if (at === text.length) return undefined;
  let sum = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) return undefined;
    sum += Number(part[1]) * (UNIT_NS[part[2] ?? ''] ?? Number.NaN);
    at = PART.lastIndex;
  }
  return ns(Math.round(isNegative ? -sum : sum));
}
