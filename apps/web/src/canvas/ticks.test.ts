import { parseWallTime } from '@observe/base';
import { expect, test } from 'vitest';
import { relativeLabel, stepFor, ticksOf } from './ticks.ts';

const view = (fromNs: number, toNs: number, widthPx = 880): { fromNs: number; toNs: number; widthPx: number } => ({
  fromNs,
  toNs,
  widthPx,
});

test('takes decimal steps below a second and clock steps above', () => {
  expect(stepFor(view(0, 100e3))).toBe(10e3);
  expect(stepFor(view(0, 3e9))).toBe(0.5e9);
  expect(stepFor(view(0, 60e9))).toBe(10e9);
  expect(stepFor(view(0, 120e9))).toBe(15e9);
  expect(stepFor(view(0, 3600e9))).toBe(600e9);
});

test('labels have as many digits as neighbours need to differ', () => {
  expect(
    ticksOf(view(1.2e9, 1.2e9 + 40e6), undefined)
      .map((t) => t.label)
      .slice(0, 3),
  ).toEqual(['1.200s', '1.205s', '1.210s']);
  expect(relativeLabel(0, 1e9)).toBe('0s');
  expect(relativeLabel(250e6, 50e6)).toBe('250ms');
  expect(relativeLabel(135e9, 15e9)).toBe('2m15s');
  expect(relativeLabel(3900e9, 300e9)).toBe('1h05m');
});

test('wall clock ticks fall on round moments', () => {
  const origin = parseWallTime('2026-11-23T07:34:43.35533194Z');
  const ticks = ticksOf(view(0, 5e9), origin);
  expect(ticks[0]?.label).toMatch(/:34:43\.5$/);
  expect(ticks[0]?.atNs).toBeCloseTo(500e6 - 355_331_940, -1);
  expect(ticks.every((tick) => /\.[05]$/.test(tick.label))).toBe(true);
});

test('no two labels of a view are the same', () => {
  for (let span = 20e3; span < 1e15; span *= 3) {
    const labels = ticksOf(view(span / 7, span / 7 + span), undefined).map((t) => t.label);
    expect(new Set(labels).size, labels.join(' ')).toBe(labels.length);
    expect(labels.length).toBeGreaterThan(2);
  }
});
