import '../no-eval.ts';
import type { ToWorker } from './snapshot-messages.ts';
import { createSnapshotRun } from './snapshot-run.ts';

const run = createSnapshotRun((message) => {
  const transfer = message.type === 'patch' ? [message.bytes.buffer] : [];
  self.postMessage(message, { transfer });
});

self.addEventListener('message', (event: MessageEvent<ToWorker>) => void run.handle(event.data));
