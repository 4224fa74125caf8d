import { testOutcome, type TestOutcome } from '@observe/protocol';
import { GO_GROUPS, type GoGroup } from './go-groups.ts';
import type { Pen, Theme } from './theme.ts';

/** What was painted: each call as text, `rect 10 5 20x12 red`, in order. */
export interface Recorder {
  readonly pen: Pen;
  readonly calls: string[];
}

/** A pen that only remembers. */
export function recorder(): Recorder {
  const calls: string[] = [];
  const n = (value: number): string => String(Math.round(value * 100) / 100);
  const pen: Pen = {
    fillStyle: '',
    font: '',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    fillRect(x, y, width, height) {
      calls.push(`rect ${n(x)} ${n(y)} ${n(width)}x${n(height)} ${nameOf(this.fillStyle)}`);
    },
    fillText(text, x, y) {
      calls.push(`text ${n(x)} ${n(y)} ${text}`);
    },
    beginPath() {
      calls.push('path');
    },
    moveTo() {},
    lineTo() {},
    closePath() {},
    fill() {
      calls.push(`fill ${nameOf(this.fillStyle)}`);
    },
  };
  return { pen, calls };
}

const nameOf = (paint: Pen['fillStyle']): string => (typeof paint === 'string' ? paint : 'pattern');

const each = (suffix: string): Record<TestOutcome, string> =>
  Object.fromEntries(testOutcome.options.map((outcome) => [outcome, outcome + suffix])) as Record<TestOutcome, string>;

/** Colours are their own names. One device pixel is one CSS pixel. */
export const plainTheme: Theme = {
  hairline: 1,
  outcome: each(''),
  hatch: each('-hatch'),
  dots: each('-dots'),
  go: Object.fromEntries(GO_GROUPS.map((group) => [group, group])) as Record<GoGroup, string>,
  heap: 'heap',
  goal: 'goal',
  gc: 'gc',
  background: 'background',
  rowLine: 'row-line',
  gridLine: 'grid-line',
  text: 'text',
  faintText: 'faint-text',
  accent: 'accent',
  selection: 'selection',
  area: 'area',
  baseLine: 'base-line',
  shade: 'shade',
  veil: 'veil',
  scaleGround: 'scale-ground',
  font: '11px sans-serif',
};
