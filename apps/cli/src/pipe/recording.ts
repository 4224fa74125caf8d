import { randomUUID } from 'node:crypto';
import type { ArtifactFacts, EndReason, HostFacts, ProcessFacts } from '@observe/protocol';
import type { RunState } from '@observe/run';
import { newRunId, NO_PAYLOAD } from '@observe/store';
import { Outbox } from '../capture/outbox.ts';
import { collectorAt, type Collector } from '../collector/collector.ts';
import { ensureCollector } from '../collector/start.ts';
import { messageOf } from '../problem.ts';
import type { World } from '../world.ts';
import type { KeptLog } from './kept-log.ts';
import { LineChunker, type LineChunk } from './line-chunker.ts';
import { openSpoolPlace, openStorePlace, type Kept } from './place.ts';
import { Recorder } from './recorder.ts';
import type { Sender } from './sender.ts';
import { Tee } from './tee.ts';

/** How long the end waits for a collector that takes nothing more. */
const DELIVERY_IDLE_MS = 5000;
/** How often the run list hears of a run that no collector takes. */
const NOTE_MS = 3000;

export interface RecordingOptions {
  /** `auto`: the collector of this home, started when there is none. `none`: straight into the file store. Else its URL. */
  readonly collector: string;
  /** File descriptor to which everything that is read is passed through. */
  readonly teeTo?: number;
  /** What could not be done, when that happens. */
  readonly onFault: (message: string) => void;
  /** A collector has the run; `page`: the URL of its page there. May come again after a reconnect. */
  readonly onPage: (collector: Collector, page: string) => void;
}

/** One run on its way in: what is read is kept first, and only then folded, sent and passed through. */
export interface Recording {
  readonly runId: string;
  readonly state: RunState;
  readonly log: KeptLog;
  /** A bug of ours: the state is not that of everything read. */
  readonly fault: unknown;
  /** A piece of the input. Neither throws nor waits. False: hold the input until `drained`. */
  take(bytes: Uint8Array): boolean;
  drained(): Promise<void>;
  host(facts: HostFacts): void;
  clock(): void;
  process(facts: ProcessFacts): void;
  artifact(facts: ArtifactFacts): void;
  /** Where an artifact belongs; undefined when nothing is kept on disk. Rejects when its directory cannot be. */
  artifactPath(artifact: string): Promise<string | undefined>;
  /** The first `bytes` bytes of an artifact are in this file, and stay as they are. `isWhole`: that is all. They are sent after the lines. */
  offer(artifact: string, path: string, bytes: number, isWhole: boolean): void;
  /** The input has ended. Nothing changes after that. `exitCode`: of `go test`, where it is known. */
  end(reason: EndReason, exitCode?: number): void;
  /** After the end: hands on what is still here. */
  deliver(idleMs?: number): Promise<Delivery>;
}

/** Where a run is now. `fault`: why no collector has it, or not all of it. */
export interface Delivery {
  readonly kept: Kept;
  readonly fault: string | undefined;
}

export async function openRecording(options: RecordingOptions, world: World): Promise<Recording> {
  const { collector, onFault } = options;
  const ids = { runId: newRunId(new Date(), Math.random), producer: randomUUID() };
  const place = await (collector === 'none' ? openStorePlace : openSpoolPlace)(world.home, ids, onFault);
  const { log } = place;
  const recorder = new Recorder(log, ids.producer);
  const outbox = new Outbox();
  const chunker = new LineChunker();
  const tee = options.teeTo === undefined ? undefined : new Tee(log, options.teeTo);
  const noting = setInterval(() => void place.note(recorder.state), NOTE_MS);

  let isWelcome = false;
  let hasFault = false;
  const sender = collector === 'none' ? undefined : startSender();

  async function startSender(): Promise<Sender> {
    const { Sender } = await import('./sender.ts');
    const sender = new Sender({
      log,
      outbox,
      ...ids,
      connect: () =>
        collector === 'auto' ? ensureCollector(world.home, world.collectorProgram) : collectorAt(collector, world),
      onWelcome(welcoming, page) {
        isWelcome = true;
        options.onPage(welcoming, page);
      },
    });
    void sender.run();
    return sender;
  }

  let wakeSender: () => void = () => undefined;
  void sender?.then((it) => (wakeSender = () => it.wake()));
  const kept = (): void => {
    wakeSender();
    tee?.wake();
    if (log.fault === undefined || hasFault) return;
    hasFault = true;
    onFault(messageOf(log.fault));
  };
  const takeAll = (chunks: readonly LineChunk[]): void => {
    if (chunks.length === 0) return;
    for (const chunk of chunks) recorder.lines(chunk);
    kept();
  };

  /** A crash of ours must not lose what has come of a line. `added`: the last of it; none: the line has got another number. */
  const keepUnfinished = (added: Uint8Array): void => {
    const { heldBytes } = chunker;
    if (heldBytes > 0) recorder.unfinished(heldBytes, added.subarray(Math.max(0, added.length - heldBytes)));
  };

  return {
    runId: ids.runId,
    log,
    get state() {
      return recorder.state;
    },
    get fault() {
      return recorder.fault;
    },
    take(bytes) {
      takeAll(chunker.push(bytes));
      keepUnfinished(bytes);
      return tee === undefined || !log.isNearlyFull;
    },
    drained: async () => tee?.drained(),
    host(facts) {
      recorder.host(facts);
      keepUnfinished(NO_PAYLOAD);
      kept();
      void place.note(recorder.state);
    },
    clock() {
      recorder.clock(new Date());
      keepUnfinished(NO_PAYLOAD);
      kept();
    },
    process(facts) {
      recorder.process(facts);
      kept();
    },
    artifact(facts) {
      recorder.artifact(facts);
      kept();
    },
    artifactPath: (artifact) => place.artifactPath(artifact),
    offer(artifact, path, bytes, isWhole) {
      outbox.offer(artifact, path, bytes, isWhole);
      wakeSender();
    },
    end(reason, exitCode) {
      takeAll(chunker.end());
      recorder.end(reason, exitCode);
      kept();
    },
    async deliver(idleMs = DELIVERY_IDLE_MS) {
      clearInterval(noting);
      await tee?.drained();
      const sending = await sender;
      const isDelivered = (await sending?.finish(idleMs)) ?? false;
      const kept = await place.close(recorder.state, isDelivered ? 'all' : isWelcome ? 'some' : 'none');
      return { kept, fault: isDelivered ? undefined : sending?.fault };
    },
  };
}
