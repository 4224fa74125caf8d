import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fit, follow, MIN_SPAN_NS, nsAt, panBy, seesEnd, spanOf, xOf, zoomAt, zoomTo } from './viewport.ts';

const bounds = { fromNs: 0, toNs: 10e9 };
const whole = fit(bounds, 1000);

test('shows the whole run with room after its end', () => {
  expect(whole.fromNs).toBe(0);
  expect(xOf(whole, 10e9)).toBeGreaterThan(950);
  expect(xOf(whole, 10e9)).toBeLessThan(1000);
});

test('keeps the moment under the pointer where it is while zooming in', () => {
  const near = zoomAt(whole, nsAt(whole, 300), 0.5, bounds);
  expect(spanOf(near)).toBeCloseTo(spanOf(whole) / 2);
  expect(xOf(near, nsAt(whole, 300))).toBeCloseTo(300);
});

test('does not zoom out beyond the run, nor in beyond the clock', () => {
  expect(zoomAt(whole, 5e9, 100, bounds)).toEqual(whole);
  expect(spanOf(zoomAt(whole, 5e9, 1e-12, bounds))).toBeCloseTo(MIN_SPAN_NS);
});

test('follows the end at the same place as the whole view does, and lets go when it is out of sight', () => {
  const tail = follow(bounds, 1e9, 1000);
  expect(spanOf(tail)).toBe(1e9);
  expect(seesEnd(tail, bounds)).toBe(true);
  expect(seesEnd(panBy(tail, -1e9, bounds), bounds)).toBe(false);
  expect(follow(bounds, 99e9, 1000)).toEqual(whole);
});

test('zooming to a moment gives the smallest span around it', () => {
  const near = zoomTo(whole, 5e9, 5e9, bounds);
  expect(spanOf(near)).toBeCloseTo(MIN_SPAN_NS);
  expect(xOf(near, 5e9)).toBeCloseTo(500);
});

test('any walk of pans and zooms stays inside the run', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('pan' as const), by: fc.double({ min: -20e9, max: 20e9, noNaN: true }) }),
    fc.record({ kind: fc.constant('zoom' as const), by: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let view = whole;
      for (const { kind, by } of steps) {
        view = kind === 'pan' ? panBy(view, by, bounds) : zoomAt(view, (view.fromNs + view.toNs) / 2, by, bounds);
        expect(view.fromNs).toBeGreaterThanOrEqual(whole.fromNs - 1);
        expect(view.toNs).toBeLessThanOrEqual(whole.toNs + 1);
        expect(spanOf(view)).toBeGreaterThanOrEqual(MIN_SPAN_NS * 0.999);
      }
    }),
  );
});
