import { ChangePlayer, ChangeWriter, type LogMessage, type SharedLog } from './change-log.ts';
import { Decoder } from './decoder.ts';
import { FaultList, type TraceFault } from './fault.ts';
import { LIMITS, type Limits } from './limits.ts';
import { createReader, type TraceEnd } from './reader.ts';
import { TableWriter } from './table-writer.ts';
import type { Segment } from './tables.ts';
import { transferablesOf } from './transfer.ts';

/** To the thread that reads. `open` comes first, `end` last. */
export type ToReader =
  | { readonly type: 'open'; readonly limits: Partial<Limits> }
  | { readonly type: 'push'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end' };

/** From it. Each `push` is answered by its segments and then `read`, `end` by the last segments, `read` and `end`. */
export type FromReader =
  | { readonly type: 'segment'; readonly segment: Segment }
  | {
      readonly type: 'read';
      /** Bytes of the chunk that was read. */
      readonly bytes: number;
      readonly version: number | undefined;
      /** Those that are new. */
      readonly faults: readonly TraceFault[];
      readonly droppedFaults: number;
    }
  | { readonly type: 'end'; readonly open: TraceEnd['open'] }
  | { readonly type: 'failed'; readonly message: string };

export type Post<Message> = (message: Message, transfer: ArrayBuffer[]) => void;

/**
 * The reading half of a door: what a worker does with each message it gets. `post` sends to the other half, and moves the buffers
 * that it names. A bug in the reader is told as `failed`; bad bytes are faults, as ever.
 */
export function serveReader(post: Post<FromReader>): (message: ToReader) => void {
  let reader = createReader();
  let told = 0;
  const onSegment = (segment: Segment): void => post({ type: 'segment', segment }, transferablesOf(segment));
  const tell = (bytes: number): void => {
    const { version, droppedFaults } = reader;
    const faults = reader.faults.slice(told);
    told += faults.length;
    post({ type: 'read', bytes, version, faults, droppedFaults }, []);
  };
  const handle = (message: ToReader): void => {
    switch (message.type) {
      case 'open':
        reader = createReader(message.limits, onSegment);
        break;
      case 'push':
        reader.push(message.bytes);
        tell(message.bytes.length);
        break;
      case 'end': {
        const { open } = reader.end();
        tell(0);
        post({ type: 'end', open }, transferablesOf(open));
        break;
      }
    }
  };
  return telling(handle, post);
}

/** Between the threads of a reader in two. */
export type ToTables =
  | LogMessage
  | { readonly type: 'open'; readonly limits: Partial<Limits> }
  | { readonly type: 'faults'; readonly faults: readonly TraceFault[]; readonly droppedFaults: number }
  | { readonly type: 'read'; readonly bytes: number; readonly version: number | undefined }
  | { readonly type: 'finish'; readonly endOffset: number }
  | { readonly type: 'failed'; readonly message: string };

/**
 * The first thread of a reader in two: bytes to changes in order. It waits for the second when that falls behind, so it must not be one
 * that has to answer; in a page there is none that may.
 */
export function serveDecoder(log: SharedLog, post: (message: ToTables) => void): (message: ToReader) => void {
  let faults = new FaultList(LIMITS.faults);
  let told = 0;
  let decoder: Decoder | undefined;
  const send = (message: ToTables): void => {
    if (faults.faults.length > told || faults.dropped > 0) {
      post({ type: 'faults', faults: faults.faults.slice(told), droppedFaults: faults.dropped });
      told = faults.faults.length;
      faults.dropped = 0;
    }
    post(message);
  };
  const handle = (message: ToReader): void => {
    switch (message.type) {
      case 'open': {
        const limits = { ...LIMITS, ...message.limits };
        faults = new FaultList(limits.faults);
        decoder = new Decoder(limits, faults, new ChangeWriter(log, send));
        post(message);
        break;
      }
      case 'push':
        decoder?.push(message.bytes);
        send({ type: 'read', bytes: message.bytes.length, version: decoder?.version });
        break;
      case 'end':
        send({ type: 'finish', endOffset: decoder?.finish() ?? 0 });
        break;
    }
  };
  return telling(handle, post);
}

/** The second thread of a reader in two: changes to segments. It answers as `serveReader` does. */
export function serveTables(log: SharedLog, post: Post<FromReader>): (message: ToTables) => void {
  let faults = new FaultList(LIMITS.faults);
  let told = 0;
  let writer: TableWriter | undefined;
  let player: ChangePlayer | undefined;
  let lastVersion: number | undefined;
  const tell = (bytes: number, version: number | undefined): void => {
    lastVersion = version;
    post({ type: 'read', bytes, version, faults: faults.faults.slice(told), droppedFaults: faults.dropped }, []);
    told = faults.faults.length;
  };
  const handle = (message: ToTables): void => {
    switch (message.type) {
      case 'open': {
        const limits = { ...LIMITS, ...message.limits };
        faults = new FaultList(limits.faults);
        writer = new TableWriter(limits, faults, (segment) =>
          post({ type: 'segment', segment }, transferablesOf(segment)),
        );
        player = new ChangePlayer(log, writer);
        break;
      }
      case 'faults':
        for (const { kind, offset, message: text } of message.faults) faults.add(kind, offset, text);
        faults.dropped += message.droppedFaults;
        break;
      case 'read':
        tell(message.bytes, message.version);
        break;
      case 'finish': {
        if (writer === undefined) break;
        const open = writer.finish(message.endOffset);
        tell(0, lastVersion);
        post({ type: 'end', open }, transferablesOf(open));
        break;
      }
      case 'failed':
        post(message, []);
        break;
      default:
        player?.take(message);
    }
  };
  return telling(handle, post);
}

/** Tells a bug instead of dying of it. */
function telling<Message>(handle: (message: Message) => void, post: Post<{ type: 'failed'; message: string }>) {
  return (message: Message): void => {
    try {
      handle(message);
    } catch (error) {
      post({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }, []);
    }
  };
}

/** Bytes on their way or waiting to be read, from which on `push` makes its caller wait. */
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

/** A reader that lives in another thread. */
export interface TraceDoor {
  /**
   * Sends the next bytes, cut anywhere; resolves when there is room for more. A chunk that fills its buffer is taken away
   * (transferred), one that is a view of a larger buffer is copied. Rejects when the door is closed or its thread has failed.
   */
  push(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** No more bytes come: later ones are ignored. Resolves when the last segment was given; the thread is then gone. Rejects as `push` does. */
  end(): Promise<TraceEnd['open']>;
  /** Gives up: the thread is stopped, no segment follows, what is awaited rejects. Nothing happens after `end` or twice. */
  close(): void;
  /** As of a `Reader`, of what has been read so far. */
  readonly version: number | undefined;
  readonly faults: readonly TraceFault[];
  readonly droppedFaults: number;
}

/** What a platform's door wires up: messages of the reading half go to `receive`, a thread that died to `fail`. */
export interface DoorClient extends TraceDoor {
  receive(message: FromReader): void;
  fail(error: Error): void;
}

/** A platform's thread. `close` ends it. */
export interface DoorPort {
  readonly post: Post<ToReader>;
  close(): void;
}

/**
 * The asking half of a door. `onSegment` gets the segments in order, one at a time: the next waits for the promise of the one
 * before. A slow one fills the room of `push`, so that at most the segments of `IN_FLIGHT_BYTES` and of one generation wait here. If
 * it throws, the door fails with that error.
 */
export function createDoor(
  port: DoorPort,
  onSegment: (segment: Segment) => void | Promise<void>,
  limits: Partial<Limits> = {},
): DoorClient {
  return new Door(port, onSegment, limits);
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

class Door implements DoorClient {
  version: number | undefined;
  readonly faults: TraceFault[] = [];
  droppedFaults = 0;
  readonly #port: DoorPort;
  readonly #onSegment: (segment: Segment) => void | Promise<void>;
  /** Messages are taken one after the other. */
  #queue = Promise.resolve();
  #unreadBytes = 0;
  #waiters: Waiter[] = [];
  #failure: Error | undefined;
  #open: TraceEnd['open'] | undefined;
  #ended: Promise<TraceEnd['open']> | undefined;

  constructor(port: DoorPort, onSegment: (segment: Segment) => void | Promise<void>, limits: Partial<Limits>) {
    this.#port = port;
    this.#onSegment = onSegment;
    port.post({ type: 'open', limits }, []);
  }

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended !== undefined) return;
    const bytes = chunk.length === chunk.buffer.byteLength ? chunk : chunk.slice();
    this.#unreadBytes += bytes.length;
    this.#port.post({ type: 'push', bytes }, [bytes.buffer]);
    await this.#until(() => this.#unreadBytes < IN_FLIGHT_BYTES);
  }

  end(): Promise<TraceEnd['open']> {
    this.#ended ??= this.#finish();
    return this.#ended;
  }

  async #finish(): Promise<TraceEnd['open']> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#port.post({ type: 'end' }, []);
    await this.#until(() => this.#open !== undefined);
    return this.#open as TraceEnd['open'];
  }

  close(): void {
    this.fail(new Error('the door is closed'));
  }

  receive(message: FromReader): void {
    this.#queue = this.#queue
      .then(() => this.#take(message))
      .catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))));
  }

  fail(error: Error): void {
    if (this.#failure !== undefined || this.#open !== undefined) return;
    this.#failure = error;
    this.#port.close();
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  async #take(message: FromReader): Promise<void> {
    if (this.#failure !== undefined) return;
    switch (message.type) {
      case 'segment':
        await this.#onSegment(message.segment);
        break;
      case 'read':
        this.#unreadBytes -= message.bytes;
        this.version = message.version;
        this.faults.push(...message.faults);
        this.droppedFaults = message.droppedFaults;
        break;
      case 'end':
        this.#open = message.open;
        this.#port.close();
        break;
      case 'failed':
        throw new Error(`the trace reader failed: ${message.message}`);
    }
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  /** Looks again after each message. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }
  }
}
