import { expect, test } from 'vitest';
import { intervalAt, paintGoLane, stretchOf, type GoLane, type GoLaneFrame } from './paint-go-lane.ts';
import { plainTheme, recorder } from './recorder.test-kit.ts';

/** Milliseconds: running, a lock, a channel. */
const lane: GoLane = {
  process: 'trace-1',
  goid: 7,
  knownFromNs: null,
  startNs: [10e6, 20e6, 60e6],
  endNs: [20e6, 60e6, 90e6],
  state: ['running', 'waiting', 'waiting'],
  reason: ['', 'sync', 'chan receive'],
  stack: [null, 0, 1],
};
/** A pixel a millisecond. */
const view = { fromNs: 0, toNs: 100e6, widthPx: 100 };

function painted(frame: Partial<GoLaneFrame>): string[] {
  const { pen, calls } = recorder();
  const whole = { lane, view, openNs: undefined, outlivesNs: undefined, ...frame };
  paintGoLane(pen, whole, { yPx: 4, heightPx: 12 }, plainTheme);
  return calls;
}

test('what works is high, what waits is half as high, in the colour of what it waits for', () => {
  expect(painted({})).toEqual(['rect 10 4 10x12 running', 'rect 20 7 40x6 lock', 'rect 60 7 30x6 channel']);
});

test('only what is in sight is drawn, and anything has at least a pixel', () => {
  expect(painted({ view: { fromNs: 30e6, toNs: 50e6, widthPx: 100 } })).toEqual(['rect -1 7 102x6 lock']);
  expect(painted({ view: { fromNs: 0, toNs: 100e9, widthPx: 100 } })).toEqual([
    'rect 0 4 1x12 running',
    'rect 0 7 1x6 lock',
    'rect 0 7 1x6 channel',
  ]);
});

test('one that goes on has an open end, and the time after its test’s end is underlined', () => {
  expect(painted({ openNs: 90e6, outlivesNs: 50e6 }).slice(3)).toEqual([
    'rect 50 16 40x2 lost',
    'path',
    'fill faint-text',
  ]);
  expect(painted({ outlivesNs: 95e6 })).toHaveLength(3);
});

test('an interval is found at its moment, and a short one beside the pointer', () => {
  expect([5e6, 9.5e6, 15e6, 59e6, 89e6, 95e6].map((at) => intervalAt(lane, at, 1e6))).toEqual([-1, 0, 0, 1, 2, -1]);
});

test('a wait that the trace tells anew with each generation is one', () => {
  const seenTwice: GoLane = {
    ...lane,
    startNs: [0, 10e6, 20e6 + 64, 40e6],
    endNs: [10e6, 20e6, 30e6, 50e6],
    state: ['running', 'waiting', 'waiting', 'waiting'],
    reason: ['', 'sync', 'sync', 'sync'],
    stack: [null, 0, 1, 1],
  };
  expect([0, 1, 2, 3].map((i) => stretchOf(seenTwice, i))).toEqual([
    { fromNs: 0, toNs: 10e6 },
    { fromNs: 10e6, toNs: 30e6 },
    { fromNs: 10e6, toNs: 30e6 },
    { fromNs: 40e6, toNs: 50e6 },
  ]);
});
