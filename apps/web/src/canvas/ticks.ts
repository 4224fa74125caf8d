import { epochMsOf, ns, wallAfter, type WallTime } from '@observe/base';
import type { Viewport } from './viewport.ts';
import { spanOf, xOf } from './viewport.ts';

/** One tick of the axis. */
export interface Tick {
  readonly atNs: number;
  readonly xPx: number;
  readonly label: string;
}

/** Room that a label needs, so that neighbours never touch. */
const TICK_PX = 88;

const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps above a second are those of a clock, not of the decimal system. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30]
  .flatMap((n) => [n * SECOND, n * MINUTE])
  .concat([1, 2, 4, 8, 12, 24].map((n) => n * HOUR));

/** Distance of ticks so that at most one falls into `TICK_PX`. ns. */
export function stepFor(view: Viewport): number {
  const rough = (spanOf(view) / Math.max(1, view.widthPx)) * TICK_PX;
  if (rough <= SECOND) {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
    return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough * 0.999) ?? power * 10;
  }
  const steps = CLOCK_STEPS.toSorted((a, b) => a - b);
  return steps.find((step) => step >= rough) ?? Math.ceil(rough / (24 * HOUR)) * 24 * HOUR;
}

/**
 * Ticks in sight. With `origin` they sit on round moments of the wall clock of whoever looks, without it on round times
 * since the first event.
 */
export function ticksOf(view: Viewport, origin: WallTime | undefined): readonly Tick[] {
  const step = stepFor(view);
  // Where a round wall-clock moment falls on our axis; the zone matters only for steps of more than a minute.
  const shift = origin === undefined ? 0 : phaseOf(origin, step);
  const ticks: Tick[] = [];
  for (let k = Math.ceil((view.fromNs + shift) / step); k * step - shift <= view.toNs; k++) {
    const atNs = k * step - shift;
    const label = origin === undefined ? relativeLabel(atNs, step) : wallLabel(origin, atNs, step);
    ticks.push({ atNs, xPx: xOf(view, atNs), label });
  }
  return ticks;
}

/** ns by which `origin` is past the last round moment of `step`. */
function phaseOf(origin: WallTime, step: number): number {
  const zoneS = -new Date(epochMsOf(origin)).getTimezoneOffset() * 60;
  if (step <= SECOND) return origin.ns % step;
  return ((origin.s + zoneS) % (step / SECOND)) * SECOND + origin.ns;
}

/** `0`, `250ms`, `1.25s`, `2m30s`: as many digits as the step needs, and no more. */
export function relativeLabel(atNs: number, step: number): string {
  const sign = atNs < 0 ? '-' : '';
  const abs = Math.abs(atNs);
  if (abs < step / 2) return '0s';
  if (step < 1e3) return `${sign}${fixed(abs / 1e3, step / 1e3)}µs`;
  if (abs < 1e6) return `${sign}${fixed(abs / 1e3, step / 1e3)}µs`;
  if (abs < SECOND) return `${sign}${fixed(abs / 1e6, step / 1e6)}ms`;
  const minutes = Math.floor(abs / MINUTE);
  if (minutes === 0) return `${sign}${fixed(abs / SECOND, step / SECOND)}s`;
  const seconds = fixed((abs - minutes * MINUTE) / SECOND, step / SECOND);
  if (step % HOUR === 0) return `${sign}${minutes / 60}h`;
  const shown = minutes >= 60 ? `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m` : `${minutes}m`;
  return step % MINUTE === 0 ? `${sign}${shown}` : `${sign}${shown}${seconds.padStart(2, '0')}s`;
}

/** `14:03:22.150` in the zone of whoever looks. */
export function wallLabel(origin: WallTime, atNs: number, step: number): string {
  const wall = wallAfter(origin, ns(Math.round(atNs)));
  const date = new Date(epochMsOf(wall));
  const two = (n: number): string => String(n).padStart(2, '0');
  const text = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step % MINUTE === 0) return text;
  const digits = step >= SECOND ? 0 : digitsOf(step / SECOND);
  const fraction = digits === 0 ? '' : '.' + String(wall.ns).padStart(9, '0').slice(0, digits);
  return `${text}:${two(date.getSeconds())}${fraction}`;
}

const fixed = (value: number, step: number): string => value.toFixed(digitsOf(step));

/** Decimals that tell two neighbours apart. */
const digitsOf = (step: number): number => (step >= 1 ? 0 : Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)));
