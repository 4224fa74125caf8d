import { join } from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { createDoor, createSharedLog, type FromReader, type Segment, type TraceDoor } from '@observe/gotrace';
import { ROOT } from './root.ts';

const PROGRAM = join(ROOT, 'apps/collector/dist/trace-worker.js');

/** The collector's built threads, as its own door starts them: one that does all, or two. */
export function openThreads(threads: number, onSegment: (segment: Segment) => void): TraceDoor {
  const log = createSharedLog();
  const { port1, port2 } = new MessageChannel();
  const workers =
    threads === 1
      ? [start({ part: 'all' })]
      : [start({ part: 'decoder', log, other: port1 }, port1), start({ part: 'tables', log, other: port2 }, port2)];
  const door = createDoor(
    {
      post: (message, transfer) => workers.at(0)?.postMessage(message, transfer),
      close: () => workers.forEach((worker) => void worker.terminate()),
    },
    onSegment,
  );
  workers.at(-1)?.on('message', (message: FromReader) => door.receive(message));
  for (const worker of workers) worker.on('error', (error) => door.fail(error));
  return door;
}

const start = (workerData: object, ...transferList: MessagePort[]): Worker =>
  new Worker(PROGRAM, { workerData, transferList });
