import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import {
  createDoor,
  createSharedLog,
  type FromReader,
  type Limits,
  type Segment,
  type TraceDoor,
} from '@observe/gotrace';
import type { TraceThread } from './trace-worker.ts';

/** The bundled thread lies beside the bundled program. */
export const TRACE_WORKER = new URL('trace-worker.js', import.meta.url);

export interface TraceDoorOptions {
  readonly limits?: Partial<Limits>;
  /** Two read a large file faster, and take twice the time to start. */
  readonly threads?: 1 | 2;
  readonly program?: URL;
}

/**
 * A trace reader in threads of its own. `onSegment` gets each segment in order; its columns were moved here, not copied. The caller
 * ends or closes the door, else the threads stay.
 */
export function openTraceDoor(
  onSegment: (segment: Segment) => void | Promise<void>,
  { limits = {}, threads = 1, program = TRACE_WORKER }: TraceDoorOptions = {},
): TraceDoor {
  const workers = threads === 1 ? [start(program, { part: 'all' })] : startTwo(program);
  const door = createDoor(
    {
      post: (message, transfer) => workers.at(0)?.postMessage(message, transfer),
      close: () => workers.forEach((worker) => void worker.terminate()),
    },
    onSegment,
    limits,
  );
  workers.at(-1)?.on('message', (message: FromReader) => door.receive(message));
  for (const worker of workers) {
    worker.on('error', (error) => door.fail(error));
    worker.on('exit', () => door.fail(new Error('the thread of the trace reader has ended')));
  }
  return door;
}

/** The one that gets the bytes, and the one that answers. */
function startTwo(program: URL): readonly Worker[] {
  const log = createSharedLog();
  const { port1, port2 } = new MessageChannel();
  return [
    start(program, { part: 'decoder', log, other: port1 }, [port1]),
    start(program, { part: 'tables', log, other: port2 }, [port2]),
  ];
}

const start = (program: URL, thread: TraceThread, transferList: MessagePort[] = []): Worker =>
  new Worker(program, { workerData: thread, transferList });
