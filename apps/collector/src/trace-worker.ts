// The thread that reads execution traces; trace-door.ts is the other side.
import { parentPort } from 'node:worker_threads';
import { serveReader } from '@observe/gotrace';

const handle = serveReader((message, transfer) => parentPort?.postMessage(message, transfer));
parentPort?.on('message', handle);
