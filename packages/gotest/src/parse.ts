import { parseWallTime, type WallTime } from '@observe/base';
import type { TestAction, TestEvent } from './event.ts';

/**
 * Reads the line in `text` from `start` up to `end` (its newline left out).
 * Undefined when it is not an event: not JSON, not an object, or without an Action.
 * The strings of an event are views of `text`: `detach` what you keep.
 */
export type LineParser = (text: string, start?: number, end?: number) => TestEvent | undefined;

/**
 * A parser for the lines of one stream. It remembers the last package, test and minute, since they repeat.
 *
 * Go writes the fields of a test event in one order, without spaces. Such a line is read in one pass, about four times
 * as fast as by JSON.parse; any other line goes to JSON.parse, with the same result (a property test says so).
 */
export function createParser(): LineParser {
  let lastPackage = '\n';
  let lastTest = '\n';
  const readTime = createTimeReader();

  return (text, start = 0, end = text.length) => {
    if (!text.startsWith('{"Time":"', start)) return parseAny(text, start, end);
    const timeEnd = text.indexOf('"', start + 9);
    const time = readTime(text, start + 9, timeEnd);
    if (time === undefined || !text.startsWith('"Action":"', timeEnd + 2)) return parseAny(text, start, end);
    const actionStart = timeEnd + 12;
    const action = actionAt(text, actionStart);
    if (action === undefined) return parseAny(text, start, end);

    let at = actionStart + action.length + 1;
    let pkg: string | undefined;
    let test: string | undefined;
    let elapsed: number | undefined;
    let output: string | undefined;
    let outputType: string | undefined;
    while (text.charCodeAt(at) === COMMA) {
      if (pkg === undefined && text.startsWith('"Package":"', at + 1)) {
        at += 12;
        if (isValueAt(text, at, lastPackage)) pkg = lastPackage;
        else {
          const close = plainEnd(text, at, end);
          if (close < 0) return parseAny(text, start, end);
          pkg = lastPackage = text.slice(at, close);
        }
        at += pkg.length + 1;
      } else if (test === undefined && text.startsWith('"Test":"', at + 1)) {
        at += 9;
        if (isValueAt(text, at, lastTest)) test = lastTest;
        else {
          const close = plainEnd(text, at, end);
          if (close < 0) return parseAny(text, start, end);
          test = lastTest = text.slice(at, close);
        }
        at += test.length + 1;
      } else if (output === undefined && text.startsWith('"Output":"', at + 1)) {
        at += 11;
        const close = stringEnd(text, at, end);
        if (close < 0) return parseAny(text, start, end);
        output = unescape(text, at, close);
        if (output === undefined) return parseAny(text, start, end);
        at = close + 1;
      } else if (elapsed === undefined && text.startsWith('"Elapsed":', at + 1)) {
        const from = at + 11;
        at = from;
        while (isNumberUnit(text.charCodeAt(at))) at++;
        elapsed = Number(text.slice(from, at));
        if (at === from || Number.isNaN(elapsed)) return parseAny(text, start, end);
      } else if (outputType === undefined && text.startsWith('"OutputType":"', at + 1)) {
        at += 15;
        const close = plainEnd(text, at, end);
        if (close < 0) return parseAny(text, start, end);
        outputType = text.slice(at, close);
        at = close + 1;
      } else {
        return parseAny(text, start, end);
      }
    }
    if (text.charCodeAt(at) !== CLOSE_BRACE || at + 1 !== end) return parseAny(text, start, end);
    return { action, time, package: pkg, test, elapsed, output, outputType, more: undefined };
  };
}

const [QUOTE, COMMA, BACKSLASH, CLOSE_BRACE, LOWER_N] = [0x22, 0x2c, 0x5c, 0x7d, 0x6e];

/** The way every line can be read. A field of an unexpected type stays in `more`. */
function parseAny(text: string, start: number, end: number): TestEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start, end));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { Action, Time, Package, Test, Elapsed, Output, OutputType, ...rest } = value as Record<string, unknown>;
  if (typeof Action !== 'string') return undefined;
  const more: Record<string, unknown> = rest;
  const text_ = (name: string, field: unknown): string | undefined => {
    if (typeof field === 'string') return field;
    if (field !== undefined) more[name] = field;
    return undefined;
  };
  const time = typeof Time === 'string' ? parseWallTime(Time) : undefined;
  if (time === undefined && Time !== undefined) more.Time = Time;
  if (typeof Elapsed !== 'number' && Elapsed !== undefined) more.Elapsed = Elapsed;
  return {
    action: Action,
    time,
    package: text_('Package', Package),
    test: text_('Test', Test),
    elapsed: typeof Elapsed === 'number' ? Elapsed : undefined,
    output: text_('Output', Output),
    outputType: text_('OutputType', OutputType),
    more: Object.keys(more).length === 0 ? undefined : more,
  };
}

/** The known action that stands at `at`, followed by its quote. */
function actionAt(text: string, at: number): TestAction | undefined {
  switch (text.charCodeAt(at)) {
    case 0x6f:
      return text.startsWith('output"', at) ? 'output' : undefined;
    case 0x72:
      return text.startsWith('run"', at) ? 'run' : undefined;
    case 0x70:
      return text.startsWith('pass"', at) ? 'pass' : text.startsWith('pause"', at) ? 'pause' : undefined;
    case 0x63:
      return text.startsWith('cont"', at) ? 'cont' : undefined;
    case 0x66:
      return text.startsWith('fail"', at) ? 'fail' : undefined;
    case 0x73:
      return text.startsWith('skip"', at) ? 'skip' : text.startsWith('start"', at) ? 'start' : undefined;
    default:
      return undefined;
  }
}

const isValueAt = (text: string, at: number, value: string): boolean =>
  text.startsWith(value, at) && text.charCodeAt(at + value.length) === QUOTE;

/** The quote that ends a string without escapes and control characters; -1 when it has some. */
function plainEnd(text: string, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) return i;
    if (unit === BACKSLASH || unit < 0x20) return -1;
  }
  return -1;
}

/** The quote that ends a string with escapes; -1 when there is none before `end`. */
function stringEnd(text: string, at: number, end: number): number {
  let close = text.indexOf('"', at);
  while (close > 0 && close < end) {
    let slashes = 0;
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close;
    close = text.indexOf('"', close + 1);
  }
  return -1;
}

/** Nearly every output has one escape: the newline at its end. Undefined when it is not valid JSON. */
function unescape(text: string, at: number, close: number): string | undefined {
  const slash = text.indexOf('\\', at);
  if (slash === close - 2 && text.charCodeAt(close - 1) === LOWER_N && !hasControl(text, at, slash)) {
    return text.slice(at, slash) + '\n';
  }
  try {
    return JSON.parse(text.slice(at - 1, close + 1)) as string;
  } catch {
    return undefined;
  }
}

/** Raw control characters are not JSON; a line never holds a newline, so a tab is the likely one. */
function hasControl(text: string, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

/** Units of a JSON number; whether they make one is Number's word. */
const isNumberUnit = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) || unit === 0x2e || unit === 0x2d || unit === 0x2b || unit === 0x65 || unit === 0x45;

/** Reads RFC 3339; knows the minute and the zone of the line before. */
function createTimeReader(): (text: string, start: number, end: number) => WallTime | undefined {
  let minute = '\n'; // `2026-11-23T07:34:`
  let zone = '\n';
  let minuteS = 0;
  let zoneMin = 0;
  return (text, start, end) => {
    if (text.startsWith(minute, start)) {
      const tens = text.charCodeAt(start + 17) - 0x30;
      const ones = text.charCodeAt(start + 18) - 0x30;
      if (tens >= 0 && tens < 6 && ones >= 0 && ones < 10 && text.charCodeAt(start + 19) === 0x2e) {
        let at = start + 20;
        let nanos = 0;
        let scale = 1e8;
        for (; scale >= 1; at++, scale /= 10) {
          const digit = text.charCodeAt(at) - 0x30;
          if (digit < 0 || digit > 9) break;
          nanos += digit * scale;
        }
        if (at > start + 20 && at + zone.length === end && text.startsWith(zone, at)) {
          return { s: minuteS + tens * 10 + ones, ns: nanos, zoneMin };
        }
      }
    }
    const time = parseWallTime(text, start, end);
    if (time !== undefined) {
      minute = text.slice(start, start + 17);
      minuteS = time.s - Number(text.slice(start + 17, start + 19));
      const fractionEnd = text.slice(start + 19, end).search(/[^.0-9]/);
      zone = text.slice(start + 19 + fractionEnd, end);
      zoneMin = time.zoneMin;
    }
    return time;
  };
}
