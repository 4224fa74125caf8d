import { createRunTraces, type RunTraces } from '@observe/query';
import { applyPatch, emptyRun, type RunState } from '@observe/run';
import type { FromTraces, ToTraces, TracePort } from './messages.ts';

interface Served {
  readonly traces: RunTraces;
  state: RunState;
  toldVersion: number;
}

/** Reads the traces of runs and answers questions about them, for the collector at the other end of `port`. */
export function serveTraces(port: Omit<TracePort<ToTraces, FromTraces>, 'onError' | 'close'>): void {
  const runs = new Map<string, Served>();

  const servedOf = (run: string): Served => {
    let served = runs.get(run);
    if (served === undefined) {
      served = { traces: createRunTraces(), state: emptyRun(), toldVersion: 0 };
      runs.set(run, served);
    }
    return served;
  };
  const tell = (run: string, served: Served): void => {
    const { version, tipNs } = served.traces;
    if (version === served.toldVersion) return;
    served.toldVersion = version;
    port.postMessage({ type: 'changed', run, version, tipNs });
  };

  const handle = (message: Exclude<ToTraces, { type: 'ask' | 'drop' }>): void => {
    const served = servedOf(message.run);
    switch (message.type) {
      case 'run': {
        const state = applyPatch(message.isCheckpoint ? emptyRun() : served.state, message.patch);
        if (state === undefined) return; // a bug of ours; the next checkpoint mends it
        served.state = state;
        served.traces.setRun(state);
        break;
      }
      case 'bytes':
        served.traces.push(message.artifact, message.bytes);
        port.postMessage({ type: 'took', run: message.run });
        break;
      case 'end':
        served.traces.end(message.artifact);
        break;
    }
    tell(message.run, served);
  };

  port.onMessage((message) => {
    if (message.type === 'drop') {
      runs.delete(message.run);
    } else if (message.type === 'ask') {
      const { id, run, question } = message;
      try {
        port.postMessage({ type: 'answer', id, answer: servedOf(run).traces.ask(question) });
      } catch (error) {
        port.postMessage({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
      }
    } else {
      handle(message);
    }
  });
}
