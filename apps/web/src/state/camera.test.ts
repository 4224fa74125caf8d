import { expect, test } from 'vitest';
import { fit, panBy, spanOf, zoomAt } from '../canvas/viewport.ts';
import { boundsOf, rangeOf, viewportOf } from './camera.ts';

const bounds = boundsOf(10e9);
const later = boundsOf(12e9);

test('fitting goes on to fit while the run grows', () => {
  const range = rangeOf(fit(bounds, 800), bounds, true);
  expect(range).toEqual({ kind: 'fit' });
  expect(viewportOf(range, later, 800)).toEqual(fit(later, 800));
});

test('zooming in on the end of a live run follows it with that span', () => {
  const near = zoomAt(fit(bounds, 800), 10.2e9, 0.1, bounds);
  const range = rangeOf(near, bounds, true);
  expect(range.kind).toBe('follow');
  const view = viewportOf(range, later, 800);
  expect(spanOf(view)).toBeCloseTo(spanOf(near));
  expect(view.toNs).toBeGreaterThan(12e9);
});

test('looking elsewhere lets go, and then nothing moves', () => {
  const near = zoomAt(fit(bounds, 800), 10.2e9, 0.1, bounds);
  const range = rangeOf(panBy(near, -3e9, bounds), bounds, true);
  expect(range.kind).toBe('fixed');
  expect(viewportOf(range, later, 800)).toEqual(viewportOf(range, bounds, 800));
});

test('a run that has ended is not followed', () => {
  const near = zoomAt(fit(bounds, 800), 10.2e9, 0.1, bounds);
  expect(rangeOf(near, bounds, false).kind).toBe('fixed');
});
