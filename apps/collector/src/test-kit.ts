import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  PROTOCOL,
  toProducer,
  toViewer,
  type PatchMessage,
  type TracesMessage,
  type ProducerHeader,
  type RunSummary,
} from '@observe/protocol';
import { applyPatch, emptyRun, type RunState } from '@observe/run';
import { encodeChunk, encodeFrame, lastLineOf, openFileStore, skipLines, type Frame } from '@observe/store';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket, type RawData } from 'ws';
import type { Log } from './log.ts';
import type { CollectorOptions } from './options.ts';
import { serveTraces } from './traces/serve.ts';
import type { TracesOptions } from './traces/traces.ts';

/** For tests only: a producer and a viewer as simple as they can be, and real input. */

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A home of its own; the returned function takes it away. */
export async function makeHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'observe-collector-'));
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 3 }) };
}

export const optionsFor = (home: string, more: Partial<CollectorOptions> = {}): CollectorOptions => ({
  home,
  host: '127.0.0.1',
  port: 0,
  token: undefined,
  allowedHosts: [],
  idleMs: 0,
  graceMs: 60_000,
  web: join(home, 'web'),
  logLevel: 'silent',
  ...more,
});

/** Traces are read within this thread, by the same code: the thread of its own is a built program. */
export const tracesHere: TracesOptions['connect'] = () => {
  const { port1, port2 } = new MessageChannel();
  serveTraces({
    postMessage: (message) => port2.postMessage(message),
    onMessage: (listener) => void port2.on('message', listener),
  });
  return {
    postMessage: (message, transfer) => port1.postMessage(message, transfer),
    onMessage: (listener) => void port1.on('message', listener),
    onError: () => undefined,
    close: () => port1.close(),
  };
};

export const recording = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../e2e/recordings/${name}.jsonl`, import.meta.url)));

/** The lines of a stream as frames of so many lines each, from line 1 on. */
export function framesOf(bytes: Buffer, linesEach: number): Frame[] {
  const frames: Frame[] = [];
  let line = 1;
  for (let at = 0; at < bytes.length;) {
    let end = at;
    let count = 0;
    while (count < linesEach && end < bytes.length) {
      const newline = bytes.indexOf(0x0a, end);
      end = newline === -1 ? bytes.length : newline + 1;
      count++;
    }
    const payload = bytes.subarray(at, end);
    const cut = payload.at(-1) === 0x0a ? {} : { isCut: true as const };
    frames.push({
      header: { kind: 'lines', line, monoNs: line * 1000, count, bytes: payload.length, ...cut },
      payload,
    });
    line += count;
    at = end;
  }
  return frames;
}

export const endFrame = (line: number, reason: 'eof' | 'interrupted' = 'eof'): Frame => ({
  header: { kind: 'end', line, monoNs: line * 1000, reason },
  payload: new Uint8Array(0),
});

/** The frames, and an `end` after them. */
export function whole(frames: readonly Frame[]): Frame[] {
  const last = frames.at(-1);
  return [...frames, endFrame(last === undefined ? 1 : lastLineOf(last.header) + 1)];
}

/** Waits for what comes, in the order in which it comes. */
class Waiting {
  readonly #checks = new Set<() => void>();

  look(): void {
    for (const check of [...this.#checks]) check();
  }

  /** Resolves with the first value that is not undefined; `read` is asked after each change. */
  until<T>(read: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        try {
          const value = read();
          if (value === undefined) return;
          this.#checks.delete(check);
          resolve(value);
        } catch (error) {
          this.#checks.delete(check);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#checks.add(check);
      check();
    });
  }
}

export interface Address {
  readonly url: string;
  readonly token: string;
}

export class TestProducer {
  readonly socket: WebSocket;
  readonly #waiting = new Waiting();
  #welcome: { have: number; page: string; artifacts: Readonly<Record<string, number>> } | undefined;
  readonly #stored = new Map<string, number>();
  #refused: { code: string; message: string; retry: boolean } | undefined;
  #acked = 0;
  #isClosed = false;

  constructor({ url, token }: Address) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/produce`, {
      generateMask: (mask: Buffer) => void mask.fill(0), // as the CLI on its own machine
      headers: { authorization: `Bearer ${token}` },
    });
    this.socket.on('message', (data) => {
      const message = toProducer.parse(JSON.parse(textOf(data)));
      if (message.type === 'welcome') {
        this.#welcome = message;
        this.#acked = message.have;
      } else if (message.type === 'ack') this.#acked = message.line;
      else if (message.type === 'stored') this.#stored.set(message.artifact, message.bytes);
      else this.#refused = message;
      this.#waiting.look();
    });
    this.socket.on('error', () => undefined); // `close` follows
    this.socket.on('open', () => this.#waiting.look());
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#waiting.look();
    });
  }

  /** Says hello; resolves with the last line that is durable there. */
  async hello(runId: string, producer: string): Promise<number> {
    await this.#waiting.until(() => (this.socket.readyState === WebSocket.CONNECTING ? undefined : true));
    this.socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, runId, producer }));
    return this.#waiting.until(() => {
      if (this.#refused !== undefined || this.#isClosed)
        throw new Error(`refused: ${this.#refused?.message ?? 'closed'}`);
      return this.#welcome?.have;
    });
  }

  /** What the welcome said of artifacts. */
  get artifacts(): Readonly<Record<string, number>> {
    return this.#welcome?.artifacts ?? {};
  }

  /** Sends a piece of an artifact; resolves once all up to its end is durable. */
  async sendChunk(artifact: string, offset: number, bytes: Uint8Array): Promise<void> {
    this.socket.send(encodeChunk(artifact, offset, bytes));
    await this.#waiting.until(() => {
      if (this.#refused !== undefined) throw new Error(`refused: ${this.#refused.message}`);
      return (this.#stored.get(artifact) ?? 0) >= offset + bytes.byteLength ? true : undefined;
    });
  }

  send({ header, payload }: Frame): void {
    this.sendRaw(header, payload);
  }

  sendRaw(header: ProducerHeader, payload: Uint8Array): void {
    this.socket.send(encodeFrame(header, payload));
  }

  /** Sends what comes after `have`. */
  sendAll(frames: readonly Frame[], have = 0): void {
    for (const frame of frames) {
      const rest = skipLines(frame, have);
      if (rest !== undefined) this.send(rest);
    }
  }

  /** Resolves when everything up to `line` is acknowledged. */
  acked(line: number): Promise<true> {
    return this.#waiting.until(() => {
      if (this.#acked >= line) return true;
      if (this.#isClosed) throw new Error(`closed at ${this.#acked}: ${this.#refused?.message ?? ''}`);
      return undefined;
    });
  }

  /** Last line that was acknowledged so far. */
  get have(): number {
    return this.#acked;
  }

  refused(): Promise<{ code: string; message: string; retry: boolean }> {
    return this.#waiting.until(() => {
      if (this.#refused === undefined && this.#isClosed) throw new Error('closed without a word');
      return this.#refused;
    });
  }

  closed(): Promise<true> {
    return this.#waiting.until(() => (this.#isClosed ? true : undefined));
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed();
  }
}

export class TestViewer {
  readonly socket: WebSocket;
  readonly #waiting = new Waiting();
  readonly states = new Map<string, RunState>();
  readonly patches: PatchMessage[] = [];
  readonly traces: TracesMessage[] = [];
  readonly runs = new Map<string, RunSummary>();
  refused: { code: string; message: string } | undefined;
  bytes = 0;
  #isListed = false;
  #isClosed = false;
  #patch: PatchMessage | undefined;

  constructor({ url, token }: Address) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/watch`, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#waiting.look();
    });
    this.socket.on('message', (data, isBinary) => {
      if (isBinary) this.#apply(data as Buffer);
      else this.#read(textOf(data));
      this.#waiting.look();
    });
  }

  async follow(runId: string): Promise<void> {
    await this.ask({ type: 'follow', protocol: PROTOCOL, runId });
  }

  async list(): Promise<void> {
    await this.ask({ type: 'list', protocol: PROTOCOL });
    await this.#waiting.until(() => (this.#isListed ? true : undefined));
  }

  async ask(message: unknown): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve) => this.socket.once('open', resolve));
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Resolves when the followed state is as wanted. */
  state(runId: string, isWanted: (state: RunState) => boolean): Promise<RunState> {
    return this.#waiting.until(() => {
      const state = this.states.get(runId);
      return state !== undefined && isWanted(state) ? state : undefined;
    });
  }

  until<T>(read: () => T | undefined): Promise<T> {
    return this.#waiting.until(read);
  }

  closed(): Promise<true> {
    return this.#waiting.until(() => (this.#isClosed ? true : undefined));
  }

  close(): void {
    this.socket.terminate();
  }

  #read(text: string): void {
    const message = toViewer.parse(JSON.parse(text));
    if (message.type === 'patch') this.#patch = message;
    else if (message.type === 'refuse') this.refused = message;
    else if (message.type === 'traces') this.traces.push(message);
    else {
      this.#isListed = true;
      if (message.isAll) this.runs.clear();
      for (const run of message.runs) this.runs.set(run.id, run);
      for (const id of message.gone) this.runs.delete(id);
    }
  }

  #apply(bytes: Buffer): void {
    const patch = this.#patch;
    if (patch === undefined) throw new Error('a binary frame without a patch message');
    this.#patch = undefined;
    this.bytes += bytes.length;
    const from = patch.fromSeq === 0 ? emptyRun() : this.states.get(patch.runId);
    const state = from === undefined ? undefined : applyPatch(from, bytes);
    if (state === undefined) throw new Error(`a patch from seq ${patch.fromSeq} does not fit`);
    this.patches.push(patch);
    this.states.set(patch.runId, state);
  }
}

const textOf = (data: RawData): string => (data as Buffer).toString('utf8');

/** The bytes that a producer's lines have in the log, its seqs without gap or repetition checked on the way. */
export async function loggedBytes(home: string, runId: string): Promise<{ payload: Buffer; kinds: string[] }> {
  const parts: Uint8Array[] = [];
  const kinds: string[] = [];
  let seq = 1;
  for await (const { header, payload } of openFileStore(home).read(runId, 1, Infinity)) {
    if (header.seq !== seq) throw new Error(`seq ${header.seq} where ${seq} should be`);
    seq += header.kind === 'lines' ? header.count : 1;
    parts.push(payload);
    if (header.kind !== 'lines') kinds.push(header.kind === 'end' ? `end ${header.reason}` : header.kind);
  }
  return { payload: Buffer.concat(parts), kinds };
}
