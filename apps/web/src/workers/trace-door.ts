import { createDoor, type FromReader, type Limits, type Segment, type TraceDoor } from '@observe/gotrace';

/**
 * A trace reader in a worker: one of trace.worker.ts, which the door ends. `onSegment` gets each segment in order; its columns
 * were moved here, not copied.
 */
export function openTraceDoor(
  worker: Worker,
  onSegment: (segment: Segment) => void | Promise<void>,
  limits: Partial<Limits> = {},
): TraceDoor {
  const door = createDoor(
    {
      post: (message, transfer) => worker.postMessage(message, transfer),
      close: () => worker.terminate(),
    },
    onSegment,
    limits,
  );
  worker.addEventListener('message', (event: MessageEvent<FromReader>) => door.receive(event.data));
  worker.addEventListener('error', ({ message }) => door.fail(new Error(message || 'the trace worker did not start')));
  return door;
}
