import { ns, type Ns } from './ns.ts';

/**
 * A moment of the wall clock. Two numbers, because nanoseconds since 1970 do not fit into one
 * (neighbouring doubles are 256 ns apart there).
 */
export interface WallTime {
  /** Seconds since 1970-01-01T00:00:00Z; an integer, negative before it. */
  readonly s: number;
  /** Nanoseconds within that second: 0 … 999,999,999. */
  readonly ns: number;
  /** Offset of the writer's zone from UTC in minutes, as written (`-05:00` is -300). */
  readonly zoneMin: number;
}

/** From `origin` to `time`; negative when `time` is earlier. Exact within 104 days. */
export const nsSince = (origin: WallTime, time: WallTime): Ns => ns((time.s - origin.s) * 1e9 + (time.ns - origin.ns));

/** `offsetNs` after `origin`, in the zone of `origin`. */
export function wallAfter(origin: WallTime, offsetNs: Ns): WallTime {
  const sum = origin.ns + offsetNs;
  const carry = Math.floor(sum / 1e9);
  return { s: origin.s + carry, ns: sum - carry * 1e9, zoneMin: origin.zoneMin };
}

/** Milliseconds since 1970, rounded down: for `Date` and for people, never for arithmetic. */
export const epochMsOf = (time: WallTime): number => time.s * 1000 + Math.floor(time.ns / 1e6);

/** The wall time of a `Date.now()`. */
export const wallFromEpochMs = (ms: number): WallTime => {
  const s = Math.floor(ms / 1000);
  return { s, ns: Math.round((ms - s * 1000) * 1e6), zoneMin: 0 };
};

/** RFC 3339 with up to nine digits and trailing zeros cut, as Go prints it; `Z` when the zone is UTC. */
export function formatWallTime(time: WallTime): string {
  const local = new Date((time.s + time.zoneMin * 60) * 1000).toISOString().slice(0, 19);
  const fraction = time.ns === 0 ? '' : '.' + String(time.ns).padStart(9, '0').replace(/0+$/, '');
  return local + fraction + formatZone(time.zoneMin);
}

function formatZone(zoneMin: number): string {
  if (zoneMin === 0) return 'Z';
  const abs = Math.abs(zoneMin);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${zoneMin < 0 ? '-' : '+'}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
}

/**
 * RFC 3339 (`2026-11-23T07:34:43.35533194Z`) inside `text`, from `start` up to `end`.
 * Undefined when it is anything else. No `Date` is made: it would keep milliseconds only.
 */
export function parseWallTime(text: string, start = 0, end = text.length): WallTime | undefined {
  if (end - start < 20 || end > text.length) return undefined;
  const days = daysOf(number(text, start, 4), number(text, start + 5, 2), number(text, start + 8, 2));
  const hour = number(text, start + 11, 2);
  const minute = number(text, start + 14, 2);
  const second = number(text, start + 17, 2);
  const isShaped =
    text.charCodeAt(start + 4) === DASH &&
    text.charCodeAt(start + 7) === DASH &&
    text.charCodeAt(start + 13) === COLON &&
    text.charCodeAt(start + 16) === COLON &&
    (text.charCodeAt(start + 10) | 0x20) === LOWER_T;
  if (!isShaped || !(days >= -719_162) || !(hour < 24) || !(minute < 60) || !(second < 61)) return undefined;

  let at = start + 19;
  let nanos = 0;
  if (text.charCodeAt(at) === DOT) {
    at++;
    let scale = 1e8;
    const first = at;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      nanos += digit * scale;
      scale = scale === 1 ? 0 : scale / 10; // digits after the ninth are dropped, as Go does
    }
    if (at === first) return undefined;
  }
  const zoneMin = zoneOf(text, at, end);
  if (zoneMin === undefined) return undefined;
  return { s: days * 86_400 + hour * 3600 + minute * 60 + second - zoneMin * 60, ns: nanos, zoneMin };
}

const [ZERO, DASH, PLUS, COLON, DOT, LOWER_T, LOWER_Z] = [0x30, 0x2d, 0x2b, 0x3a, 0x2e, 0x74, 0x7a];

/** `count` decimal digits at `at`; NaN when one is not a digit. */
function number(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function zoneOf(text: string, at: number, end: number): number | undefined {
  const sign = text.charCodeAt(at);
  if ((sign | 0x20) === LOWER_Z && at + 1 === end) return 0;
  if ((sign !== DASH && sign !== PLUS) || at + 6 !== end || text.charCodeAt(at + 3) !== COLON) return undefined;
  const hours = number(text, at + 1, 2);
  const minutes = number(text, at + 4, 2);
  if (!(hours < 24) || !(minutes < 60)) return undefined;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar; NaN when there is no such day. */
function daysOf(year: number, month: number, day: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const inMonth = month === 2 ? (isLeap ? 29 : 28) : (DAYS_IN_MONTH[month] ?? 0);
  if (!(day >= 1 && day <= inMonth) || Number.isNaN(year)) return NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const DAYS_IN_MONTH = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
