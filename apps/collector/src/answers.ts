import { ns } from '@observe/base';
import type { OutputAnswer } from '@observe/protocol';
import {
  Attributions,
  createOutputReader,
  readNow,
  type NowAnswer,
  type OutputOf,
  type OutputReader,
  type Page,
  type PrinterSource,
} from '@observe/query';
import type { Runs, RunView } from './runs.ts';
import type { Traces } from './traces/traces.ts';

/** Output readers kept: each remembers where lines lie in one run. */
const MAX_READERS = 6;

/** Answers that need the log. */
export class Answers {
  readonly #runs: Runs;
  readonly #traces: Traces;
  readonly #readers = new Map<string, { readonly reader: OutputReader; readonly attributions: Attributions }>();

  constructor(runs: Runs, traces: Traces) {
    this.#runs = runs;
    this.#traces = traces;
    runs.listen({ changed: () => undefined, gone: (id) => this.#readers.delete(id) });
  }

  async output(view: RunView, of: OutputOf, page: Page): Promise<OutputAnswer> {
    const { reader, attributions } = this.#readerOf(view.id);
    const source: PrinterSource = {
      log: { read: (from, to) => this.#runs.read(view.id, from, to) },
      version: this.#traces.told(view.id)?.version ?? 0,
      printers: (question) => this.#traces.ask(view, question),
    };
    return reader.read(view.state, of, page, await attributions.of(view.state, of, source, performance.now()));
  }

  now({ id, state, nowNs }: RunView): Promise<NowAnswer> {
    return readNow(id, state, this.#readerOf(id).reader, nowNs === null ? state.lastNs : ns(nowNs));
  }

  #readerOf(id: string): { readonly reader: OutputReader; readonly attributions: Attributions } {
    const reader = this.#readers.get(id) ?? {
      reader: createOutputReader({ read: (from, to) => this.#runs.read(id, from, to) }),
      attributions: new Attributions(),
    };
    this.#readers.delete(id);
    this.#readers.set(id, reader); // the last is the one used last
    const oldest = this.#readers.keys().next().value;
    if (this.#readers.size > MAX_READERS && oldest !== undefined) this.#readers.delete(oldest);
    return reader;
  }
}
