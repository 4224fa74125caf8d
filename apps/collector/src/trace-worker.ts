// A thread that reads execution traces, or one of two; trace-door.ts starts them and tells which it is.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { serveDecoder, serveReader, serveTables, type FromReader, type SharedLog } from '@observe/gotrace';

/** What a thread does: all, or one half of it; then the other half is at the port. */
export type TraceThread =
  | { readonly part: 'all' }
  | { readonly part: 'decoder' | 'tables'; readonly log: SharedLog; readonly other: MessagePort };

const thread = workerData as TraceThread;
const answer = (message: FromReader, transfer: ArrayBuffer[]): void => parentPort?.postMessage(message, transfer);
switch (thread.part) {
  case 'all':
    parentPort?.on('message', serveReader(answer));
    break;
  case 'decoder':
    parentPort?.on(
      'message',
      serveDecoder(thread.log, (message) => thread.other.postMessage(message)),
    );
    break;
  case 'tables':
    thread.other.on('message', serveTables(thread.log, answer));
    break;
}
