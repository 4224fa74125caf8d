import { MAX_CHUNK_BYTES, PROTOCOL, toProducer, type ToProducer } from '@observe/protocol';
import { encodeChunk, encodeFrame, lastLineOf, skipLines, withoutSeq } from '@observe/store';
import { WebSocket, type RawData } from 'ws';
import type { Outbox } from '../capture/outbox.ts';
import { isLoopback, type Collector } from '../collector/collector.ts';
import { messageOf } from '../problem.ts';
import type { KeptLog } from './kept-log.ts';

/** What may wait in the socket; the rest waits in the log. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Between two tries: doubled each time. */
const RETRY_MS = { first: 100, last: 2000 } as const;
/** So often in a row there was no collector to be had, which is more than an unlucky moment. */
const MAX_FAILURES = 2;
const PING_MS = 5000;
const HANDSHAKE_MS = 5000;

export interface SenderOptions {
  readonly log: KeptLog;
  /** Artifacts: they are sent after the lines. */
  readonly outbox: Outbox;
  readonly runId: string;
  readonly producer: string;
  /** Where to go now. May start a collector, and take its time; rejects when there is none to be had. */
  readonly connect: () => Promise<Collector>;
  /** At each welcome. `page`: URL of the run's page. */
  readonly onWelcome: (collector: Collector, page: string) => void;
}

/**
 * Sends the log to a collector, by a cursor: whatever happens to the socket, it goes on after the last line that is durable there.
 * The artifacts likewise, by a cursor each. Never holds what the log and the files hold.
 */
export class Sender {
  readonly #options: SenderOptions;
  #socket: WebSocket | undefined;
  #isWelcome = false;
  #isPumping = false;
  #isStopped = false;
  #sent = 0;
  #acknowledged = 0;
  /** Bytes of each artifact that are on their way, and that are durable there. */
  #artifactsSent = new Map<string, number>();
  #artifactsStored = new Map<string, number>();
  #fault: string | undefined;
  #onChange: () => void = () => undefined;
  #onRetry: () => void = () => undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Last line that is durable at the collector. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** What last went wrong; undefined while nothing has. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Runs until it is stopped, no collector is to be had, or one will not have us. Never rejects. */
  async run(): Promise<void> {
    let pauseMs: number = RETRY_MS.first;
    let failures = 0;
    while (!this.#isStopped && failures < MAX_FAILURES) {
      try {
        const collector = await this.#options.connect();
        failures = 0;
        if (this.#isStopped) break;
        const end = await this.#session(collector);
        if (end === 'refused') break;
        if (end === 'served') pauseMs = RETRY_MS.first;
      } catch (error) {
        this.#fault = messageOf(error);
        failures++;
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, RETRY_MS.last);
    }
    this.#isStopped = true;
    this.#onChange();
  }

  /** Something was appended. */
  wake(): void {
    if (this.#isWelcome && !this.#isPumping && this.#socket !== undefined) void this.#pump(this.#socket);
  }

  /** Resolves when everything kept is acknowledged (true), or nothing more was for `idleMs` (false). Then stops. */
  async finish(idleMs: number): Promise<boolean> {
    const isDone = (): boolean =>
      this.#acknowledged >= this.#options.log.head && this.#nextArtifact(this.#artifactsStored) === undefined;
    if (!isDone() && !this.#isStopped) {
      this.#onRetry(); // do not wait out a pause
      this.wake();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, idleMs);
        let last = this.#durable;
        this.#onChange = () => {
          if (isDone() || this.#isStopped) {
            clearTimeout(timer);
            resolve();
          } else if (this.#durable > last) timer.refresh(); // a welcome alone is no progress: its disk may be full
          last = this.#durable;
        };
      });
    }
    this.stop();
    return isDone();
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.close(1000);
    this.#onRetry();
  }

  /** One connection, from its beginning to its end. `served`: it welcomed us. */
  async #session(collector: Collector): Promise<'served' | 'lost' | 'refused'> {
    const { runId, producer } = this.#options;
    const socket = new WebSocket(`${collector.url.replace(/^http/, 'ws')}/api/produce`, {
      ...(collector.token === undefined ? {} : { headers: { authorization: `Bearer ${collector.token}` } }),
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      // Masks guard proxies on the way against web pages; on this machine there are neither, and the tests want the CPU.
      ...(isLoopback(collector) ? { generateMask: (mask: Buffer) => void mask.fill(0) } : {}),
    });
    this.#socket = socket;
    let end: 'served' | 'lost' | 'refused' = 'lost';
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, runId, producer })));
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? undefined : readMessage(data);
      if (message?.type === 'welcome') {
        end = 'served';
        this.#isWelcome = true;
        this.#sent = message.have;
        this.#artifactsSent = new Map(Object.entries(message.artifacts));
        this.#artifactsStored = new Map(Object.entries(message.artifacts));
        this.#acknowledge(message.have);
        this.#options.onWelcome(collector, collector.url + message.page);
        void this.#pump(socket);
      } else if (message?.type === 'ack') {
        this.#acknowledge(message.line);
      } else if (message?.type === 'stored') {
        this.#artifactsStored.set(message.artifact, message.bytes);
        this.#options.outbox.stored(message.artifact, message.bytes);
        this.#onChange();
      } else if (message?.type === 'refuse') {
        this.#fault = message.message;
        if (!message.retry) end = 'refused';
        socket.close(1000);
      }
    });
    let isAnswered = false;
    socket.on('unexpected-response', (_request, response) => {
      isAnswered = true;
      const isToken = response.statusCode === 401 || response.statusCode === 403;
      if (isToken) end = 'refused';
      this.#fault = isToken
        ? `${collector.url} does not accept the token; give it: OBSERVE_TOKEN, or --collector=${collector.url}?token=…`
        : `${collector.url} answered ${response.statusCode ?? 'nothing'}: is it a collector?`;
      socket.terminate();
    });
    const stopPinging = pingUntilSilent(socket);
    await new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', (error) => {
        if (!isAnswered) this.#fault = `${collector.url}: ${error.message}`; // `close` follows
      });
    });
    stopPinging();
    this.#isWelcome = false;
    this.#socket = undefined;
    return end;
  }

  async #pump(socket: WebSocket): Promise<void> {
    const { log } = this.#options;
    this.#isPumping = true;
    try {
      while (this.#isOpen(socket)) {
        if (this.#sent >= log.head) {
          const next = this.#nextArtifact(this.#artifactsSent);
          if (next === undefined) return;
          await this.#sendChunk(socket, ...next);
          continue;
        }
        const before = this.#sent;
        for await (const { header, payload } of log.read(before + 1, log.head + 1)) {
          if (!this.#isOpen(socket)) return;
          const frame = skipLines({ header: withoutSeq(header), payload }, this.#sent);
          if (frame === undefined) continue;
          const isWritten = new Promise((resolve) => socket.send(encodeFrame(frame.header, frame.payload), resolve));
          this.#sent = lastLineOf(frame.header);
          if (socket.bufferedAmount > HIGH_WATER_BYTES) await isWritten;
        }
        if (this.#sent === before) return; // what the collector lacks is not there any more
      }
    } catch (error) {
      this.#fault = messageOf(error); // the log cannot be read back
      socket.close();
    } finally {
      this.#isPumping = false;
      if (this.#socket !== undefined && this.#socket !== socket) this.wake(); // reconnected meanwhile
    }
  }

  /** The next piece of an artifact. One that cannot be read is passed over until the next connection. */
  async #sendChunk(socket: WebSocket, artifact: string, from: number): Promise<void> {
    const bytes = await this.#options.outbox.read(artifact, from, MAX_CHUNK_BYTES).catch((error: unknown) => {
      this.#fault = messageOf(error);
      return undefined;
    });
    if (!this.#isOpen(socket)) return;
    this.#artifactsSent.set(
      artifact,
      bytes === undefined || bytes.byteLength === 0 ? Infinity : from + bytes.byteLength,
    );
    if (bytes === undefined || bytes.byteLength === 0) return;
    const isWritten = new Promise((resolve) => socket.send(encodeChunk(artifact, from, bytes), resolve));
    if (socket.bufferedAmount > HIGH_WATER_BYTES) await isWritten;
  }

  /** The first artifact of which there is more than `have` says, and how much that is. */
  #nextArtifact(have: ReadonlyMap<string, number>): readonly [artifact: string, bytes: number] | undefined {
    for (const [artifact, bytes] of this.#options.outbox.sizes()) {
      const there = have.get(artifact) ?? 0;
      if (there < bytes) return [artifact, there];
    }
    return undefined;
  }

  /** Grows with whatever becomes durable there. */
  get #durable(): number {
    let sum = this.#acknowledged;
    for (const bytes of this.#artifactsStored.values()) sum += bytes;
    return sum;
  }

  #isOpen(socket: WebSocket): boolean {
    return socket === this.#socket && socket.readyState === WebSocket.OPEN;
  }

  #acknowledge(line: number): void {
    this.#acknowledged = line;
    this.#options.log.acknowledge(line);
    this.#onChange();
  }

  #pause(ms: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#onRetry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function readMessage(data: RawData): ToProducer | undefined {
  try {
    return toProducer.safeParse(JSON.parse((data as Buffer).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Ends a connection whose other side has gone without closing it. Returns the function that stops it. */
function pingUntilSilent(socket: WebSocket): () => void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_MS);
  timer.unref();
  socket.on('pong', () => (isAlive = true));
  socket.on('message', () => (isAlive = true));
  return () => clearInterval(timer);
}
