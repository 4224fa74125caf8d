import { emptyRun, reduceRun } from '@observe/run';
import { eventsOf, streamFromText } from '@observe/testkit';
import { expect, test } from 'vitest';
import { boundsOf } from '../../state/camera.ts';
import { createDerived } from './derived.ts';

const live = reduceRun(
  emptyRun(),
  eventsOf(streamFromText('store start@0\n store TestOpen run@1ms'), 'eof').slice(0, -1),
);

test('a test that hangs goes on in the overview, though no news comes of it', () => {
  const derived = createDerived();
  derived.overview(live, boundsOf(1e9));
  expect(derived.takeStale()).toBe(false);
  derived.overview(live, boundsOf(2e9));
  expect(derived.takeStale()).toBe(true); // so it is made anew soon
});
