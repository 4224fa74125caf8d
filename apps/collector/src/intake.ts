import { PROTOCOL, producerMessage, type ToProducer } from '@observe/protocol';
import { decodeChunk, decodeFrame, isChunkFrame, StoreError } from '@observe/store';
import type { RawData, WebSocket } from 'ws';
import type { LiveRun, ProducerSession } from './live-run.ts';
import type { Log } from './log.ts';
import type { Runs } from './runs.ts';

/** A socket whose run has more than this to write is not read until it has less: the producer's spool holds the rest. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;
const LOW_WATER_BYTES = 2 * 1024 * 1024;
/** A paused socket looks again after so long. */
const LOOK_MS = 10;
/** How long a new socket may keep silent before its hello. */
const HELLO_MS = 10_000;

/** Close codes of RFC 6455. */
const [GOING_AWAY, POLICY] = [1001, 1008] as const;

/** Serves one producer, from its hello to its close. */
export function serveProducer(socket: WebSocket, runs: Runs, log: Log): void {
  const session = new Intake(socket, runs, log);
  socket.on('message', (data, isBinary) => session.message(data, isBinary));
  socket.on('close', () => session.closed());
  socket.on('error', (error) => log.info({ err: error }, 'producer socket'));
}

class Intake implements ProducerSession {
  readonly #socket: WebSocket;
  readonly #runs: Runs;
  readonly #log: Log;
  readonly #helloTimer: NodeJS.Timeout;
  #producer = '';
  #run: LiveRun | undefined;
  #leave: (() => void) | undefined;
  #state: 'new' | 'joining' | 'joined' | 'over' = 'new';

  constructor(socket: WebSocket, runs: Runs, log: Log) {
    this.#socket = socket;
    this.#runs = runs;
    this.#log = log;
    this.#helloTimer = setTimeout(() => this.#refuse('no-hello', 'no hello came', true), HELLO_MS).unref();
  }

  message(data: RawData, isBinary: boolean): void {
    if (this.#state === 'over') return;
    if (isBinary && this.#state === 'joined') this.#take(data as Buffer);
    else if (!isBinary && this.#state === 'new') void this.#hello((data as Buffer).toString('utf8'));
    else
      this.#refuse(
        'bad-order',
        `a ${isBinary ? 'binary' : 'text'} message does not belong here: first one hello, then records`,
        false,
      );
  }

  closed(): void {
    this.#state = 'over';
    clearTimeout(this.#helloTimer);
    this.#leave?.();
    this.#leave = undefined;
  }

  durable(line: number): void {
    this.#send({ type: 'ack', line });
  }

  fault(error: unknown): void {
    this.#log.warn({ run: this.#run?.id, err: error }, 'append failed');
    this.#refuse(error instanceof StoreError ? error.code : 'io', messageOf(error), true);
  }

  replaced(): void {
    this.#refuse('replaced', 'the same producer has connected again', false);
  }

  async #hello(text: string): Promise<void> {
    const hello = readMessage(text);
    if (hello === undefined) return this.#refuse('bad-hello', 'the first message is no hello of this protocol', false);
    if (hello.protocol !== PROTOCOL) {
      return this.#refuse(
        'protocol',
        `this collector speaks protocol ${PROTOCOL}, not ${hello.protocol}; use the same version of observe on both sides`,
        false,
      );
    }
    this.#state = 'joining';
    this.#producer = hello.producer;
    try {
      const { run, leave } = await this.#runs.join(hello.runId, hello.producer, this);
      this.#run = run;
      this.#leave = leave;
    } catch (error) {
      const code = error instanceof StoreError ? error.code : 'io';
      return this.#refuse(code, messageOf(error), code !== 'newer-format');
    }
    if (this.#isOver()) return this.closed(); // it went while the run was being opened
    clearTimeout(this.#helloTimer);
    this.#state = 'joined';
    const have = this.#run.have(hello.producer);
    this.#log.info({ run: hello.runId, producer: hello.producer, have }, 'producer joined');
    const artifacts = Object.fromEntries(this.#run.artifacts);
    const page = `/runs/${hello.runId}`;
    this.#send({ type: 'welcome', protocol: PROTOCOL, runId: hello.runId, have, page, artifacts });
  }

  #take(bytes: Buffer): void {
    if (isChunkFrame(bytes)) void this.#chunk(bytes);
    else this.#frame(bytes);
    const run = this.#run;
    if (run !== undefined && run.pendingBytes > HIGH_WATER_BYTES && !this.#socket.isPaused && !this.#isOver()) {
      this.#socket.pause();
      this.#resumeWhenLow(run);
    }
  }

  async #chunk(bytes: Buffer): Promise<void> {
    const chunk = decodeChunk(bytes);
    if (chunk === undefined || this.#run === undefined) {
      return this.#refuse('bad-record', 'a binary message is not one whole piece of an artifact', false);
    }
    const { artifact, offset } = chunk.header;
    try {
      const durable = await this.#run.takeChunk(artifact, offset, chunk.payload);
      this.#send({ type: 'stored', artifact, bytes: durable });
    } catch (error) {
      this.fault(error); // after a gap, too: the next welcome says where to go on
    }
  }

  #frame(bytes: Buffer): void {
    const frame = decodeFrame(bytes);
    if (frame === undefined || this.#run === undefined) {
      return this.#refuse('bad-record', 'a binary message is not one whole record', false);
    }
    if (this.#run.take(this.#producer, frame) === 'gap') {
      return this.#refuse(
        'gap',
        `lines are missing before line ${frame.header.line}; go on after the last that was acknowledged`,
        true,
      );
    }
  }

  #resumeWhenLow(run: LiveRun): void {
    if (run.pendingBytes < LOW_WATER_BYTES) this.#socket.resume();
    else setTimeout(() => this.#resumeWhenLow(run), LOOK_MS).unref();
  }

  #send(message: ToProducer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #refuse(code: string, message: string, retry: boolean): void {
    if (this.#state === 'over') return;
    this.#log.info({ run: this.#run?.id, producer: this.#producer, code }, `producer refused: ${message}`);
    this.#send({ type: 'refuse', code, message, retry });
    if (this.#socket.isPaused) this.#socket.resume(); // or its close frame is never read
    this.#socket.close(retry ? GOING_AWAY : POLICY);
    this.closed();
  }

  #isOver(): boolean {
    return this.#state === 'over' || this.#socket.readyState !== this.#socket.OPEN;
  }
}

function readMessage(text: string): { protocol: number; runId: string; producer: string } | undefined {
  try {
    return producerMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
