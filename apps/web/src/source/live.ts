import {
  goroutinesAnswer,
  lanesAnswer,
  processesAnswer,
  PROTOCOL,
  seriesAnswer,
  toViewer,
  outputAnswer,
  type PatchMessage,
  type ToViewer,
  type ViewerMessage,
} from '@observe/protocol';
import type { GoroutinesOf, OutputOf, PackageReports, Page, TraceAnswer } from '@observe/query';
import { backoffMs } from './backoff.ts';
import type { PageQuestion, RunSource, SourceListener } from './source.ts';

/** What a collector refuses a viewer for; anything else is worth another try. */
const UNKNOWN_RUN = 'unknown-run';

/** A collector at `origin` (`http://127.0.0.1:7117`), over one WebSocket and HTTP. Reconnects by itself and says so. */
export function createLiveSource(origin: string): RunSource {
  const socketUrl = `${origin.replace(/^http/, 'ws')}/api/watch`;
  const followed = new Set<string>();
  let socket: WebSocket | undefined;

  const send = (message: ViewerMessage): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  return {
    kind: 'live',

    start(listener) {
      let isStopped = false;
      let attempt = 0;
      let timer: number | undefined;
      let wasOpen = false;

      const connect = (): void => {
        const opening = new WebSocket(socketUrl);
        opening.binaryType = 'arraybuffer';
        socket = opening;
        const read = createFrameReader(listener, (runId) => followed.has(runId));
        let isRefused = false;
        opening.addEventListener('open', () => {
          attempt = 0;
          wasOpen = true;
          listener.connection({ kind: 'open' });
          send({ type: 'list', protocol: PROTOCOL });
          for (const runId of followed) send({ type: 'follow', protocol: PROTOCOL, runId });
        });
        opening.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
          if (read(event.data) === 'refused') isRefused = true;
        });
        opening.addEventListener('close', () => {
          if (isStopped || isRefused || socket !== opening) return;
          socket = undefined;
          void retry();
        });
      };

      const retry = async (): Promise<void> => {
        // A socket does not say why it was not let in; a request does.
        if (!wasOpen && !(await hasAccess(origin))) {
          if (!isStopped) listener.connection({ kind: 'no-access' });
          return;
        }
        if (isStopped) return;
        const delayMs = backoffMs(attempt++, Math.random());
        listener.connection({ kind: 'lost', retryAtMs: performance.now() + delayMs });
        timer = window.setTimeout(connect, delayMs);
      };

      /** The machine woke up or the network is back: no reason to wait any longer. */
      const hurry = (): void => {
        if (timer === undefined || socket !== undefined || document.visibilityState === 'hidden') return;
        window.clearTimeout(timer);
        attempt = 0;
        connect();
      };
      window.addEventListener('online', hurry);
      document.addEventListener('visibilitychange', hurry);
      listener.connection({ kind: 'connecting' });
      connect();
      return () => {
        isStopped = true;
        window.clearTimeout(timer);
        window.removeEventListener('online', hurry);
        document.removeEventListener('visibilitychange', hurry);
        socket?.close();
        socket = undefined;
      };
    },

    follow(runId) {
      followed.add(runId);
      send({ type: 'follow', protocol: PROTOCOL, runId });
    },

    unfollow(runId) {
      followed.delete(runId);
      send({ type: 'unfollow', runId });
    },

    async output(runId, of, page, signal) {
      const answer = await getJson(`${origin}/api/runs/${runId}/output?${outputQuery(of, page)}`, signal);
      return outputAnswer.parse(answer);
    },

    async reports(runId, _packageRow, packageName, signal) {
      const query = new URLSearchParams({ package: packageName });
      return (await getJson(`${origin}/api/runs/${runId}/reports?${query}`, signal)) as PackageReports;
    },

    async traces<Q extends PageQuestion>(runId: string, question: Q, signal?: AbortSignal) {
      const answer = await getJson(`${origin}/api/runs/${runId}/${question.kind}?${traceQuery(question)}`, signal);
      return TRACE_ANSWERS[question.kind].parse(answer) as TraceAnswer<Q>;
    },
  };
}

/**
 * Reads what comes: text frames are messages, a binary frame belongs to the `patch` before it. Frames of a run that is no longer
 * followed, and what is no message at all, are dropped.
 */
export function createFrameReader(
  listener: SourceListener,
  isFollowed: (runId: string) => boolean,
): (data: string | ArrayBuffer) => 'refused' | undefined {
  let patch: PatchMessage | undefined;
  return (data) => {
    if (typeof data !== 'string') {
      if (patch !== undefined && isFollowed(patch.runId)) listener.patch(patch, new Uint8Array(data));
      patch = undefined;
      return undefined;
    }
    const message = readMessage(data);
    switch (message?.type) {
      case 'patch':
        patch = message;
        return undefined;
      case 'runs':
        listener.runs(message);
        return undefined;
      case 'traces':
        listener.traces(message);
        return undefined;
      case 'refuse':
        if (message.code === UNKNOWN_RUN) {
          listener.problem('unknown-run', message.message);
          return undefined;
        }
        if (message.retry) return undefined;
        listener.connection({ kind: 'refused', message: message.message });
        return 'refused';
      case undefined:
        return undefined;
    }
  };
}

function readMessage(text: string): ToViewer | undefined {
  try {
    return toViewer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const outputQuery = (of: OutputOf, { from, limit, isTail }: Page): string =>
  new URLSearchParams({
    kind: of.kind,
    ...(of.kind === 'strays' ? {} : { row: String(of.row) }),
    from: String(from),
    limit: String(limit),
    ...(isTail === true ? { tail: 'true' } : {}),
  }).toString();

const TRACE_ANSWERS = {
  processes: processesAnswer,
  series: seriesAnswer,
  goroutines: goroutinesAnswer,
  lanes: lanesAnswer,
} as const;

function traceQuery(question: PageQuestion): string {
  const query = new URLSearchParams();
  const add = (values: Readonly<Record<string, number>>): void => {
    for (const [name, value] of Object.entries(values)) query.append(name, String(value));
  };
  const addOf = (of: GoroutinesOf): void => {
    query.append('kind', of.kind);
    if (of.kind !== 'run') query.append('row', String(of.row));
  };
  if (question.kind === 'goroutines' || question.kind === 'series') addOf(question.of);
  if (question.kind === 'goroutines') add({ from: question.from, limit: question.limit });
  if (question.kind === 'series' || question.kind === 'lanes') {
    add({ fromNs: question.fromNs, toNs: question.toNs, width: question.width });
  }
  if (question.kind === 'lanes') {
    for (const { process, goid } of question.goroutines) query.append('goroutine', `${process}:${goid}`);
  }
  return query.toString();
}

/** False only when the collector itself says so; one that does not answer may yet come back. */
async function hasAccess(origin: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${origin}/api/runs`);
    return status !== 401 && status !== 403;
  } catch {
    return true;
  }
}

async function getJson(url: string, signal: AbortSignal | undefined): Promise<unknown> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const said = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  throw new Error(typeof said === 'string' ? said : `The collector answered ${response.status}.`);
}
