import { Worker } from 'node:worker_threads';
import { createDoor, type FromReader, type Limits, type Segment, type TraceDoor } from '@observe/gotrace';

/** The bundled thread lies beside the bundled program. */
export const TRACE_WORKER = new URL('trace-worker.js', import.meta.url);

/**
 * A trace reader in a thread of its own. `onSegment` gets each segment in order; its columns were moved here, not copied. The caller
 * ends or closes the door, else the thread stays.
 */
export function openTraceDoor(
  onSegment: (segment: Segment) => void | Promise<void>,
  limits: Partial<Limits> = {},
  program = TRACE_WORKER,
): TraceDoor {
  const worker = new Worker(program);
  const door = createDoor(
    {
      post: (message, transfer) => worker.postMessage(message, transfer),
      close: () => void worker.terminate(),
    },
    onSegment,
    limits,
  );
  worker.on('message', (message: FromReader) => door.receive(message));
  worker.on('error', (error) => door.fail(error));
  worker.on('exit', () => door.fail(new Error('the thread of the trace reader has ended')));
  return door;
}
