import {
  PROTOCOL,
  viewerMessage,
  type RunSummary,
  type TracesMessage,
  type ToViewer,
  type ViewerMessage,
} from '@observe/protocol';
import { emptyRun, encodePatch, type RunState } from '@observe/run';
import type { RawData, WebSocket } from 'ws';
import type { Log } from './log.ts';
import type { Runs } from './runs.ts';
import type { Traces } from './traces/traces.ts';

/** Between two patches of one run to one viewer: 20 a second are enough for an eye. */
const PATCH_MS = 50;
/** Between two looks at the list of runs. */
const LIST_MS = 250;
/** A run that another process writes does not tell us when it grows. */
const LOOK_MS = 1500;
/** A viewer with more than this in its socket gets nothing until it has read: its next patch is simply larger. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Runs that one viewer may follow at once. */
const MAX_FOLLOWED = 16;

/** What a viewer is told of. */
export interface FeedParts {
  readonly runs: Runs;
  readonly traces: Traces;
  readonly log: Log;
}

/** Serves one viewer, from its first message to its close. */
export function serveViewer(socket: WebSocket, parts: FeedParts): void {
  const viewer = new Viewer(socket, parts);
  const { runs, traces, log } = parts;
  const stop = runs.listen(viewer);
  const stopTraces = traces.listen((message) => viewer.traces(message));
  socket.on('message', (data, isBinary) => viewer.message(data, isBinary));
  socket.on('error', (error) => log.info({ err: error }, 'viewer socket'));
  socket.on('close', () => {
    stop();
    stopTraces();
    viewer.close();
  });
}

/** What a viewer knows of a run it follows. */
interface Followed {
  /** The state it has; patches are made from it. */
  sent: RunState;
  /** What else the last patch said. */
  isLive: boolean | undefined;
  readonly pace: Pace;
}

class Viewer {
  readonly #socket: WebSocket;
  readonly #runs: Runs;
  readonly #traces: Traces;
  readonly #log: Log;
  readonly #followed = new Map<string, Followed>();
  /** Run id → what the last list said of it; undefined until the list is asked for. */
  #listed: Map<string, string> | undefined;
  readonly #listPace: Pace;
  readonly #lookTimer: NodeJS.Timeout;

  constructor(socket: WebSocket, { runs, traces, log }: FeedParts) {
    this.#socket = socket;
    this.#runs = runs;
    this.#traces = traces;
    this.#log = log;
    this.#listPace = this.#pace(LIST_MS, () => this.#sendList());
    this.#lookTimer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#lookTimer);
    this.#listPace.stop();
    for (const { pace } of this.#followed.values()) pace.stop();
    this.#followed.clear();
  }

  changed(id: string): void {
    this.#followed.get(id)?.pace.run();
    if (this.#listed !== undefined) this.#listPace.run();
  }

  /** Traces of a followed run have changed. A socket that is behind hears of the next change. */
  traces(message: TracesMessage): void {
    if (this.#followed.has(message.runId) && this.#socket.bufferedAmount < HIGH_WATER_BYTES) this.#send(message);
  }

  gone(id: string): void {
    if (this.#unfollow(id)) this.#sendUnknown(id);
    if (this.#listed !== undefined) this.#listPace.run();
  }

  message(data: RawData, isBinary: boolean): void {
    const message = isBinary ? undefined : readMessage((data as Buffer).toString('utf8'));
    if (message === undefined) return this.#refuse('bad-message', 'a message is none of this protocol');
    if (message.type === 'unfollow') {
      this.#unfollow(message.runId);
    } else if (message.protocol !== PROTOCOL) {
      this.#refuse(
        'protocol',
        `this page speaks protocol ${message.protocol}, the collector ${PROTOCOL}: reload the page`,
      );
    } else if (message.type === 'list') {
      this.#listed = new Map();
      this.#listPace.run();
    } else {
      this.#follow(message.runId);
    }
  }

  #follow(id: string): void {
    this.#unfollow(id);
    if (this.#followed.size >= MAX_FOLLOWED)
      return this.#refuse('too-many', `at most ${MAX_FOLLOWED} runs can be followed at once`);
    const followed: Followed = {
      sent: emptyRun(),
      isLive: undefined,
      pace: this.#pace(PATCH_MS, () => this.#sendPatch(id, followed)),
    };
    this.#followed.set(id, followed);
    followed.pace.run();
    const told = this.#traces.told(id);
    if (told !== undefined) this.#send(told);
  }

  #pace(intervalMs: number, task: () => Promise<void>): Pace {
    return new Pace(intervalMs, () =>
      task().catch((error: unknown) => this.#log.warn({ err: error }, 'a viewer could not be told')),
    );
  }

  #unfollow(id: string): boolean {
    this.#followed.get(id)?.pace.stop();
    return this.#followed.delete(id);
  }

  /** At what tells us nothing by itself: runs of other processes. */
  #look(): void {
    for (const [id, { pace }] of this.#followed) if (!this.#runs.isOpen(id)) pace.run();
    if (this.#listed !== undefined) this.#listPace.run();
  }

  async #sendPatch(id: string, followed: Followed): Promise<void> {
    await this.#drained();
    const view = await this.#runs.view(id);
    if (this.#followed.get(id) !== followed) return;
    if (view === undefined) {
      this.#unfollow(id);
      return this.#sendUnknown(id);
    }
    const { state, isLive, nowNs, summary } = view;
    if (state === followed.sent && isLive === followed.isLive) return;
    const { sent } = followed;
    // Folded anew from its log, or a run of that name deleted and made again: what the viewer has is not where this one came from.
    const from = state.seq < sent.seq ? emptyRun() : sent;
    const patch = from.seq === 0 ? checkpointOf(state) : encodePatch(from, state);
    followed.sent = state;
    followed.isLive = isLive;
    this.#send({ type: 'patch', runId: id, fromSeq: from.seq, seq: state.seq, nowNs, isLive, summary });
    this.#socket.send(patch);
  }

  async #sendList(): Promise<void> {
    await this.#drained();
    const all = await this.#runs.list(LOOK_MS / 2);
    if (this.#listed === undefined) return;
    const isAll = this.#listed.size === 0;
    const before = this.#listed;
    const now = new Map(all.map((run) => [run.id, stampOf(run)]));
    const runs = all.filter(({ id }) => before.get(id) !== now.get(id));
    const gone = [...before.keys()].filter((id) => !now.has(id));
    this.#listed = now;
    if (isAll || runs.length > 0 || gone.length > 0) this.#send({ type: 'runs', isAll, runs, gone });
  }

  /** Resolves when the socket can take more, or is closed. */
  async #drained(): Promise<void> {
    while (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > HIGH_WATER_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, PATCH_MS).unref());
    }
  }

  #sendUnknown(id: string): void {
    // The socket goes on: the page may follow another run.
    this.#send({
      type: 'refuse',
      code: 'unknown-run',
      message: `there is no run ${id} here; it may have been deleted`,
      retry: false,
    });
  }

  #refuse(code: string, message: string): void {
    this.#log.info({ code }, `viewer refused: ${message}`);
    this.#send({ type: 'refuse', code, message, retry: false });
    this.#socket.close(1008);
  }

  #send(message: ToViewer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** Everything in one patch. Kept with the state: a page that is loaded again asks for the same one. */
function checkpointOf(state: RunState): Uint8Array {
  const known = checkpoints.get(state);
  if (known !== undefined) return known;
  const patch = encodePatch(emptyRun(), state);
  checkpoints.set(state, patch);
  return patch;
}
const checkpoints = new WeakMap<RunState, Uint8Array>();

/** What of a summary a list shows; a change of it is worth a message. */
const stampOf = ({ seq, verdict, name, bytes }: RunSummary): string => `${seq} ${verdict} ${bytes} ${name}`;

function readMessage(text: string): ViewerMessage | undefined {
  try {
    return viewerMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Does something now, then again at most every so often while it is asked for, one at a time. */
class Pace {
  readonly #intervalMs: number;
  readonly #task: () => Promise<void>;
  #isAsked = false;
  #isBusy = false;
  #isStopped = false;

  constructor(intervalMs: number, task: () => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#task = task;
  }

  run(): void {
    this.#isAsked = true;
    if (!this.#isBusy) void this.#go();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #go(): Promise<void> {
    this.#isBusy = true;
    while (this.#isAsked && !this.#isStopped) {
      this.#isAsked = false;
      const pause = new Promise((resolve) => setTimeout(resolve, this.#intervalMs).unref());
      await this.#task();
      await pause;
    }
    this.#isBusy = false;
  }
}
