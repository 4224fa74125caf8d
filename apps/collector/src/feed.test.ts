import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { PROTOCOL, toViewer, type ToViewer } from '@observe/protocol';
import { createMemoryStore } from '@observe/store';
import type { WebSocket } from 'ws';
import { serveViewer } from './feed.ts';
import { Runs } from './runs.ts';
import { Traces } from './traces/traces.ts';
import { framesOf, SILENT } from './test-kit.ts';

/** A socket whose other side reads only when it is told to. */
class SlowSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  bufferedAmount = 0;
  /** Every frame that was handed over: messages, and sizes of binary ones. */
  readonly sent: (ToViewer | number)[] = [];

  send(data: string | Uint8Array): void {
    this.sent.push(typeof data === 'string' ? toViewer.parse(JSON.parse(data)) : data.byteLength);
    this.bufferedAmount += data.length;
    this.emit('sent');
  }

  close(): void {
    this.emit('close');
  }

  ask(message: unknown): void {
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }

  get patches(): (ToViewer & { type: 'patch' })[] {
    return this.sent.filter((frame) => typeof frame !== 'number').filter((message) => message.type === 'patch');
  }

  /** Resolves at the next frame. */
  next(): Promise<unknown> {
    return new Promise((resolve) => this.once('sent', resolve));
  }
}

const tracesOf = (runs: Runs): Traces =>
  new Traces({
    runs,
    log: SILENT,
    connect: () => {
      throw new Error('there are no traces here');
    },
  });

test('a viewer that does not read is given nothing more, and one patch with all of it when it reads again', async () => {
  const runs = new Runs({ store: createMemoryStore().store, graceMs: 60_000, log: SILENT });
  const { run, release } = await runs.open('r-1');
  const frames = framesOf(Buffer.from('{"Action":"run","Package":"p","Test":"T"}\n'.repeat(1000)), 10);
  const take = async (from: number, to: number): Promise<void> => {
    for (const frame of frames.slice(from, to)) {
      run.take('p', frame);
      await run.settled();
    }
  };
  await take(0, 1);
  const socket = new SlowSocket();
  serveViewer(socket as unknown as WebSocket, { runs, traces: tracesOf(runs), log: SILENT });
  const first = socket.next();
  socket.ask({ type: 'follow', protocol: PROTOCOL, runId: 'r-1' });
  await first;
  expect(socket.patches).toMatchObject([{ fromSeq: 0, seq: 10 }]);

  socket.bufferedAmount = 10_000_000;
  await take(1, 100);
  expect(socket.patches).toHaveLength(1);
  const again = socket.next();
  socket.bufferedAmount = 0;
  await again;
  expect(socket.patches.slice(1)).toMatchObject([{ fromSeq: 10, seq: 1000 }]);
  socket.close();
  release();
  await runs.close();
});

test('changes that come in one go make few patches: the first at once, the rest together', async () => {
  const runs = new Runs({ store: createMemoryStore().store, graceMs: 60_000, log: SILENT });
  const { run, release } = await runs.open('r-1');
  const socket = new SlowSocket();
  serveViewer(socket as unknown as WebSocket, { runs, traces: tracesOf(runs), log: SILENT });
  socket.ask({ type: 'follow', protocol: PROTOCOL, runId: 'r-1' });
  for (const frame of framesOf(Buffer.from('a\n'.repeat(300)), 1)) {
    run.take('p', frame);
    await run.settled();
  }
  while (socket.patches.at(-1)?.seq !== 300) await socket.next();
  expect(socket.patches.length).toBeLessThan(60);
  socket.close();
  release();
  await runs.close();
});
