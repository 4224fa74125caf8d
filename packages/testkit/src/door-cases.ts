import { createReader, type Segment, type TraceDoor, type TraceEnd, type TraceFault } from '@observe/gotrace';

/** Opens a door on a thread of its own. */
export type OpenDoor = (onSegment: (segment: Segment) => void | Promise<void>) => TraceDoor;

/** What every door must hold. Runs in Node and in a page: no test framework, and what comes out is text. */
export interface DoorCase {
  readonly sentence: string;
  /** Of a recorded trace. */
  run(open: OpenDoor, trace: Uint8Array): Promise<readonly string[]>;
  expected(trace: Uint8Array): readonly string[];
}

/** Uneven, so that chunks are cut anywhere; some end inside of a number. */
const SIZES = [1000, 1, 70_001];
/** More than may be on its way at once; no trace, so it is read at once, too. */
const MUCH_BYTES = 9_000_000;

export const DOOR_CASES: readonly DoorCase[] = [
  {
    sentence: 'gives what the reader gives: segments, faults, the open end',
    async run(open, trace) {
      const segments: string[] = [];
      const door = open((segment) => void segments.push(textOf(segment)));
      for (let at = 0, i = 0; at < trace.length; i++) {
        const size = SIZES[i % SIZES.length] ?? 1;
        await door.push(trace.slice(at, at + size));
        at += size;
      }
      const end = await door.end();
      return [...segments, ...endTexts(door.version, door.faults, end)];
    },
    expected(trace) {
      const reader = createReader();
      const segments = [...reader.push(trace)];
      const end = reader.end();
      segments.push(...end.segments);
      return [...segments.map(textOf), ...endTexts(reader.version, reader.faults, end.open)];
    },
  },
  {
    sentence: 'takes a chunk away, and copies one that is part of a larger buffer',
    async run(open, trace) {
      const door = open(() => undefined);
      const [own, part] = [trace.slice(0, 100), trace.slice(0, 200).subarray(100)];
      await door.push(own);
      await door.push(part);
      await door.end();
      return [`${own.length} and ${part.length} bytes are left`];
    },
    expected: () => ['0 and 100 bytes are left'],
  },
  {
    sentence: 'lets its caller wait while too much is unread',
    async run(open) {
      const door = open(() => undefined);
      const seen: string[] = [];
      const isRead = door.push(new Uint8Array(MUCH_BYTES)).then(() => seen.push('read'));
      await Promise.resolve();
      seen.push('waits');
      await isRead;
      await door.end();
      return seen;
    },
    expected: () => ['waits', 'read'],
  },
  {
    sentence: 'gives one segment at a time, the next when the one before is done with',
    async run(open, trace) {
      const seen: string[] = [];
      const door = open(async ({ generation }) => {
        seen.push(`begin ${generation}`);
        await Promise.resolve();
        seen.push(`end ${generation}`);
      });
      await door.push(trace.slice());
      await door.end();
      return seen;
    },
    expected(trace) {
      const reader = createReader();
      const segments = [...reader.push(trace), ...reader.end().segments];
      return segments.flatMap(({ generation }) => [`begin ${generation}`, `end ${generation}`]);
    },
  },
  {
    sentence: 'rejects what is awaited when it is closed, and gives nothing after that',
    async run(open, trace) {
      const seen: string[] = [];
      const door = open(() => void seen.push('a segment'));
      await door.push(new Uint8Array(0));
      void door.push(trace.slice());
      const waiting = [messageOf(door.push(new Uint8Array(MUCH_BYTES))), messageOf(door.end())];
      door.close();
      door.close();
      seen.push(...(await Promise.all(waiting)), await messageOf(door.push(trace.slice())));
      return seen;
    },
    expected: () => Array.from({ length: 3 }, () => 'the door is closed'),
  },
  {
    sentence: 'rejects with the error of the one who takes the segments',
    async run(open, trace) {
      const door = open(() => {
        throw new Error('the disk is full');
      });
      void messageOf(door.push(trace.slice()));
      return [await messageOf(door.end())];
    },
    expected: () => ['the disk is full'],
  },
];

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const endTexts = (
  version: number | undefined,
  faults: readonly TraceFault[],
  open: TraceEnd['open'],
): readonly string[] => [`version ${version}`, textOf(faults), textOf(open)];

/** All of it: columns with their kind, infinities, big integers. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (ArrayBuffer.isView(part)) return `${part.constructor.name} ${(part as Float64Array).join()}`;
    return typeof part === 'bigint' || typeof part === 'number' ? String(part) : part;
  });
