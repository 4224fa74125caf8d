import { ns } from '@observe/base';
import type { OutputAnswer } from '@observe/protocol';
import {
  createOutputReader,
  readNow,
  type NowAnswer,
  type OutputOf,
  type OutputReader,
  type Page,
} from '@observe/query';
import type { Runs, RunView } from './runs.ts';

/** Output readers kept: each remembers where lines lie in one run. */
const MAX_READERS = 6;

/** Answers that need the log. */
export class Answers {
  readonly #runs: Runs;
  readonly #readers = new Map<string, OutputReader>();

  constructor(runs: Runs) {
    this.#runs = runs;
    runs.listen({ changed: () => undefined, gone: (id) => this.#readers.delete(id) });
  }

  output(view: RunView, of: OutputOf, page: Page): Promise<OutputAnswer> {
    return this.#readerOf(view.id).read(view.state, of, page);
  }

  now({ id, state, nowNs }: RunView): Promise<NowAnswer> {
    return readNow(id, state, this.#readerOf(id), nowNs === null ? state.lastNs : ns(nowNs));
  }

  #readerOf(id: string): OutputReader {
    const reader = this.#readers.get(id) ?? createOutputReader({ read: (from, to) => this.#runs.read(id, from, to) });
    this.#readers.delete(id);
    this.#readers.set(id, reader); // the last is the one used last
    const oldest = this.#readers.keys().next().value;
    if (this.#readers.size > MAX_READERS && oldest !== undefined) this.#readers.delete(oldest);
    return reader;
  }
}
