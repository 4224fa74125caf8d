import { DOOR_CASES, recordingBytes } from '@observe/testkit';
import { describe, expect, test } from 'vitest';
import { readTrace, traceBytes } from '../test/recordings.ts';
import { createDoor, serveReader, transferablesOf, type DoorClient, type FromReader, type Segment } from './index.ts';

/** A process that panicked: its trace is cut, so there is a fault, too. */
const TRACE = new Uint8Array(recordingBytes('shop/go1.27/reports.trace'));

/** Both halves in one thread; messages are cloned and buffers moved as between two. */
function openHere(onSegment: (segment: Segment) => void | Promise<void>): DoorClient {
  let isClosed = false;
  const later = (deliver: () => void): void => void Promise.resolve().then(() => isClosed || deliver());
  const handle = serveReader((message, transfer) => {
    const moved = structuredClone<FromReader>(message, { transfer });
    later(() => door.receive(moved));
  });
  const door: DoorClient = createDoor(
    {
      post(message, transfer) {
        const moved = structuredClone(message, { transfer });
        later(() => handle(moved));
      },
      close: () => (isClosed = true),
    },
    onSegment,
  );
  return door;
}

describe('a door within one thread', () => {
  test.each(DOOR_CASES)('$sentence', async ({ run, expected }) => {
    expect(await run(openHere, TRACE)).toEqual(expected(TRACE));
  });

  test('rejects when its thread dies, and stays so', async () => {
    const door = openHere(() => undefined);
    const waiting = door.end();
    door.fail(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(door.push(TRACE.slice())).rejects.toThrow('gone');
  });

  test('tells a bug of the reading half', async () => {
    const door = openHere(() => undefined);
    door.receive({ type: 'failed', message: 'TypeError: x is not a function' });
    await expect(door.end()).rejects.toThrow('the trace reader failed: TypeError: x is not a function');
  });

  test('the reading half posts a bug of its own instead of dying of it', () => {
    const posted: FromReader[] = [];
    const handle = serveReader((message) => posted.push(message));
    handle({ type: 'push', bytes: undefined as never }); // what no caller does
    expect(posted.map(({ type }) => type)).toEqual(['failed']);
  });
});

test('with its transferables a segment moves whole: no column is left behind', () => {
  const columnsOf = (value: unknown): ArrayBufferView[] =>
    ArrayBuffer.isView(value)
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(columnsOf)
        : [];
  for (const segment of readTrace(traceBytes('programs/annotations-stress')).segments) {
    const transfer = transferablesOf(segment);
    const moved = structuredClone(segment, { transfer });
    expect(moved.intervals.length).toBeGreaterThan(0);
    expect(moved.intervals.endNs.length).toBeGreaterThanOrEqual(moved.intervals.length);
    expect(columnsOf(segment).filter(({ buffer }) => buffer.byteLength > 0)).toEqual([]);
    expect(columnsOf(moved).length).toBeGreaterThan(60);
  }
});
