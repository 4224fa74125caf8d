import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { MAX_HEADER_BYTES, MAX_RECORD_BYTES, PROTOCOL } from '@observe/protocol';
import {
  claimCollector,
  errnoOf,
  openFileStore,
  readCollectorFile,
  removeCollectorFile,
  StoreError,
  writeCollectorFile,
  writeFileAtomically,
} from '@observe/store';
import { WebSocketServer, type WebSocket } from 'ws';
import { createAccess, isLoopbackAddress, type Access } from './access.ts';
import { Answers } from './answers.ts';
import { createApp } from './app.ts';
import { Caretaker } from './caretaker.ts';
import { serveViewer, type FeedParts } from './feed.ts';
import { serveProducer } from './intake.ts';
import type { Log } from './log.ts';
import { DEFAULT_PORT, type CollectorOptions } from './options.ts';
import { Runs } from './runs.ts';
import { Traces, type TracesOptions } from './traces/traces.ts';
import { VERSION } from './version.ts';

/** A peer that does not answer a ping until the next one is dead. */
const PING_MS = 10_000;
/** After DEFAULT_PORT so many more are tried before the system is asked for any. */
const NEAR_PORTS = 10;
/** A viewer only asks; its messages are small. */
const VIEWER_MESSAGE_BYTES = 64 * 1024;

export interface Collector {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  /** Resolves when it stopped, by `stop` or because nobody used it. */
  readonly stopped: Promise<void>;
  /** Takes nothing more, makes everything durable, leaves. */
  stop(why: string): Promise<void>;
}

/** It cannot start as it was told. `held`: this home has a collector already. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: 'held' | 'cannot-start';

  constructor(code: 'held' | 'cannot-start', message: string) {
    super(message);
    this.code = code;
  }
}

/** The thread that reads traces; it lies beside the built program. */
const startTraces: TracesOptions['connect'] = () => {
  const worker = new Worker(new URL('./traces-worker.js', import.meta.url));
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => void worker.on('message', listener),
    onError: (listener) => void worker.on('error', listener),
    close: () => void worker.terminate(),
  };
};

/** Throws StartError. `connect`: what reads traces, where that is not the thread beside the built program. */
export async function startCollector(
  options: CollectorOptions,
  log: Log,
  connect: TracesOptions['connect'] = startTraces,
): Promise<Collector> {
  const { home, host, graceMs } = options;
  const undo: (() => Promise<void>)[] = [];
  try {
    const claim = await claimHome(home);
    undo.push(() => claim.release());
    const token = options.token ?? (await homeToken(home));

    const store = openFileStore(home);
    const runs = new Runs({ store, graceMs, log });
    undo.push(() => runs.close());
    const traces = new Traces({ runs, connect, log });
    undo.push(async () => traces.stop());
    const access = createAccess({
      token,
      isLoopback: isLoopbackAddress(host),
      allowedHosts: options.allowedHosts,
      nowMs: () => performance.now(),
    });
    const idle = new Idle();
    const app = createApp({
      access,
      runs,
      traces,
      answers: new Answers(runs, traces),
      log,
      web: options.web,
      onUse: () => idle.use(),
    });
    const server = createServer(app);
    const sockets = new Sockets(server, access, { runs, traces, log }, () => idle.use());
    undo.push(() => sockets.close());

    const port = await listen(server, host, options.port);
    undo.push(async () => void server.close().closeAllConnections());
    const startedAt = new Date().toISOString();
    await writeCollectorFile(home, {
      pid: process.pid,
      host: reachable(host),
      port,
      protocol: PROTOCOL,
      token,
      version: VERSION,
      startedAt,
    });
    undo.push(() => removeCollectorFile(home, process.pid));
    undo.push(new Caretaker({ store, runs, home, graceMs, log }).start());

    const url = `http://${hostInUrl(reachable(host))}:${port}`;
    log.info({ url, home, version: VERSION }, 'listening');
    let stopping: Promise<void> | undefined;
    let onStopped: () => void;
    const stopped = new Promise<void>((resolve) => (onStopped = resolve));
    const stop = (why: string): Promise<void> => {
      stopping ??= (async () => {
        log.info({ why }, 'stopping');
        stopIdle();
        await runAll(undo, log);
        log.info({}, 'stopped');
        onStopped();
      })();
      return stopping;
    };
    const stopIdle = idle.after(
      options.idleMs,
      () => sockets.count > 0 || runs.hasLive,
      () => void stop('idle'),
    );
    return { host, port, url, token, stopped, stop };
  } catch (error) {
    await runAll(undo, log);
    if (error instanceof StartError) throw error;
    throw new StartError('cannot-start', error instanceof Error ? error.message : String(error));
  }
}

/** Undoes in reverse order; one that fails does not keep the others from it. */
async function runAll(undo: (() => Promise<void>)[], log: Log): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    await step().catch((error: unknown) => log.warn({ err: error }, 'not stopped as it should be'));
  }
}

async function claimHome(home: string): Promise<{ release(): Promise<void> }> {
  try {
    return await claimCollector(home);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'held') throw error;
    const file = await readCollectorFile(home);
    const where = file === undefined ? '' : ` at http://${hostInUrl(file.host)}:${file.port} (process ${file.pid})`;
    throw new StartError('held', `this home has a collector already${where}: ${home}`);
  }
}

/** The home's own token, made once: a page that is open finds the next collector with the cookie it has. */
async function homeToken(home: string): Promise<string> {
  const path = join(home, 'token');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (/^[\w-]{43}$/.test(known.trim())) return known.trim();
  const token = randomBytes(32).toString('base64url');
  await writeFileAtomically(path, token + '\n');
  return token;
}

async function listen(server: Server, host: string, wanted: number | undefined): Promise<number> {
  const near = Array.from({ length: NEAR_PORTS }, (_, i) => DEFAULT_PORT + i);
  for (const port of wanted === undefined ? [...near, 0] : [wanted]) {
    try {
      return await listenAt(server, host, port);
    } catch (error) {
      const isTaken = errnoOf(error) === 'EADDRINUSE';
      if (isTaken && wanted === undefined) continue;
      const what = error instanceof Error ? error.message : String(error);
      const advice = isTaken
        ? 'another program has this port; give another one with --port, or 0 for any'
        : 'give another --host or --port';
      throw new StartError('cannot-start', `cannot listen on ${host} port ${port}: ${advice} (${what})`);
    }
  }
  throw new StartError('cannot-start', `no port is free on ${host}`);
}

function listenAt(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Where others of this machine find it: `0.0.0.0` and `::` are no addresses to go to. */
const reachable = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);
const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The WebSockets of one server: lets them in, finds the dead ones. */
class Sockets {
  readonly #producers = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_HEADER_BYTES + MAX_RECORD_BYTES,
  });
  readonly #viewers = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: VIEWER_MESSAGE_BYTES,
  });
  readonly #answered = new WeakSet<WebSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor(server: Server, access: Access, parts: FeedParts, onUse: () => void) {
    this.#producers.on('connection', (socket) => serveProducer(socket, parts.runs, parts.log));
    this.#viewers.on('connection', (socket) => serveViewer(socket, parts));
    for (const sockets of [this.#producers, this.#viewers]) {
      sockets.on('connection', (socket: WebSocket) => {
        onUse();
        this.#answered.add(socket);
        socket.on('pong', () => this.#answered.add(socket));
        socket.on('message', () => this.#answered.add(socket));
        socket.on('close', onUse);
      });
    }
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', () => stream.destroy());
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const isProducer = pathname === '/api/produce';
      const sockets = isProducer ? this.#producers : pathname === '/api/watch' ? this.#viewers : undefined;
      if (!access.isWelcome(request)) return reject(stream, '403 Forbidden');
      if (sockets === undefined) return reject(stream, '404 Not Found');
      // A browser's cookie may watch; only who holds the token may write.
      if (!(isProducer ? access.hasToken(request) : access.isKnown(request))) return reject(stream, '401 Unauthorized');
      sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
    });
    this.#timer = setInterval(() => this.#ping(), PING_MS).unref();
  }

  get count(): number {
    return this.#producers.clients.size + this.#viewers.clients.size;
  }

  /** Says goodbye, and does not wait for an answer for ever. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const clients = [...this.#producers.clients, ...this.#viewers.clients];
    for (const socket of clients) {
      if (socket.isPaused) socket.resume();
      socket.close(1001, 'the collector is stopping');
    }
    const gone = Promise.all(clients.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 500))]);
    for (const socket of clients) socket.terminate();
  }

  #ping(): void {
    for (const socket of [...this.#producers.clients, ...this.#viewers.clients]) {
      if (socket.isPaused) continue; // we do not hear it at the moment
      if (!this.#answered.delete(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}

function reject(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Notices when nobody has used the collector for a while. */
class Idle {
  #lastMs = performance.now();

  use(): void {
    this.#lastMs = performance.now();
  }

  /** Calls `leave` once nothing was used for `idleMs` (0: never). Returns the way to stop looking. */
  after(idleMs: number, isBusy: () => boolean, leave: () => void): () => void {
    if (idleMs === 0) return () => undefined;
    const timer = setInterval(
      () => {
        if (isBusy()) this.use();
        else if (performance.now() - this.#lastMs >= idleMs) leave();
      },
      Math.min(idleMs, Math.max(20, idleMs / 10)),
    );
    return () => clearInterval(timer);
  }
}
