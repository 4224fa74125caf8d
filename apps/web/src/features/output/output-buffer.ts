import type { OutputAnswer, OutputLine } from '@observe/protocol';
import type { Page } from '@observe/query';

/** Lines of one request: some screens full. */
export const PAGE_LINES = 500;
/** Lines of one request of a search or a copy, which want them all. */
const BULK_LINES = 5000;

/** Asks the source for lines of one output. */
export type FetchLines = (page: Page, signal: AbortSignal) => Promise<OutputAnswer>;

/**
 * The lines of one output, as far as they have been asked for: by range, never all of them unless someone wants all.
 * Lines before the last are settled; the last one may still grow.
 */
export class OutputBuffer {
  /** Lines there are; undefined until the first answer. */
  total: number | undefined;
  error: string | undefined;
  /** Counts the changes: for `useSyncExternalStore`. */
  version = 0;
  readonly #fetch: FetchLines;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #loading = new Set<number>();
  #lines: (OutputLine | undefined)[] = [];
  #isRefreshing = false;
  #isStale = false;

  constructor(fetchLines: FetchLines) {
    this.#fetch = fetchLines;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => void this.#listeners.delete(changed);
  };

  lineAt(index: number): OutputLine | undefined {
    return this.#lines[index];
  }

  /** Makes sure that lines `from` … `to` - 1 are here or on their way. */
  need(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE_LINES); page * PAGE_LINES < to; page++) {
      const first = page * PAGE_LINES;
      const isHere =
        this.#lines[Math.max(first, from)] !== undefined &&
        this.#lines[Math.min(first + PAGE_LINES, to) - 1] !== undefined;
      if (isHere || this.#loading.has(page)) continue;
      this.#loading.add(page);
      void this.#ask({ from: first, limit: PAGE_LINES }).finally(() => this.#loading.delete(page));
    }
  }

  /** There is more than before: reads the end again. Called often; asks once at a time. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    while (this.#isStale && !this.#abort.signal.aborted) {
      this.#isStale = false;
      await this.#ask({ from: 0, limit: PAGE_LINES, isTail: true });
    }
    this.#isRefreshing = false;
  }

  /** All lines, in order, piece by piece. */
  async *all(signal: AbortSignal): AsyncGenerator<readonly OutputLine[]> {
    const both = AbortSignal.any([signal, this.#abort.signal]);
    for (let from = 0; ;) {
      const { lines, total } = await this.#fetch({ from, limit: BULK_LINES }, both);
      if (both.aborted) return;
      yield lines;
      from += lines.length;
      if (lines.length === 0 || from >= total) return;
    }
  }

  stop(): void {
    this.#abort.abort();
    this.#listeners.clear();
  }

  async #ask(page: Page): Promise<void> {
    try {
      const answer = await this.#fetch(page, this.#abort.signal);
      if (!this.#abort.signal.aborted) this.#take(answer);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Error ? error.message : String(error);
      this.#tell();
    }
  }

  #take({ total, from, lines }: OutputAnswer): void {
    // A process that dies takes lines away from its tests: what was known of them then lies elsewhere.
    if (this.total !== undefined && total < this.total) this.#lines = [];
    // The end grew by more than this answer holds: what was the last line may have gone on.
    else if (this.total !== undefined && from >= this.total) this.#lines[this.total - 1] = undefined;
    this.total = total;
    this.error = undefined;
    lines.forEach((line, i) => (this.#lines[from + i] = line));
    this.#tell();
  }

  #tell(): void {
    this.version++;
    for (const changed of this.#listeners) changed();
  }
}
