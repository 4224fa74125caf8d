import { parentPort } from 'node:worker_threads';
import { serveTraces } from './traces/serve.ts';

// A door: the thread in which traces are read, so that no large one keeps the tests' lines waiting.
const port = parentPort;
if (port === null) throw new Error('this is a worker of the collector, not a program');
serveTraces({
  postMessage: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', listener),
});
