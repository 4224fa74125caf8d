/** Where bytes come from; process.stdin is one. */
export type ByteStream = Pick<NodeJS.ReadableStream, 'on' | 'pause' | 'resume'>;

/**
 * Reads from the moment it is made, before anybody is ready to listen: a pipe that nobody reads stops its writer after 64 kB.
 * What comes before `listen` is held.
 */
export class Input {
  readonly #stream: ByteStream;
  #held: Uint8Array[] = [];
  #listener: ((bytes: Uint8Array) => void) | undefined;
  #onFirst: () => void = () => undefined;
  #onEnd: () => void = () => undefined;
  #hasBegun = false;
  #hasEnded = false;
  #fault: unknown;

  constructor(stream: ByteStream) {
    this.#stream = stream;
    stream.on('data', (bytes: Uint8Array | string) =>
      this.#take(typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
    );
    stream.on('end', () => this.#finish());
    stream.on('close', () => this.#finish());
    stream.on('error', (error: unknown) => {
      this.#fault = error;
      this.#finish();
    });
  }

  /** Why reading stopped before the end; undefined when it did not. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Resolves at the first byte (true), or when there is none (false). */
  async begun(): Promise<boolean> {
    if (!this.#hasBegun && !this.#hasEnded) await new Promise<void>((resolve) => (this.#onFirst = resolve));
    return this.#hasBegun;
  }

  /** Gives all that has come, and what comes, to `listener`. Resolves at the end of the input. */
  async listen(listener: (bytes: Uint8Array) => void): Promise<void> {
    this.#listener = listener;
    for (const bytes of this.#held) listener(bytes);
    this.#held = [];
    if (!this.#hasEnded) await new Promise<void>((resolve) => (this.#onEnd = resolve));
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** No more of it: as if it had ended. */
  stop(): void {
    this.#stream.pause();
    this.#finish();
  }

  #take(bytes: Uint8Array): void {
    if (this.#hasEnded || bytes.length === 0) return;
    this.#hasBegun = true;
    if (this.#listener === undefined) this.#held.push(bytes);
    else this.#listener(bytes);
    this.#onFirst();
  }

  #finish(): void {
    this.#hasEnded = true;
    this.#onFirst();
    this.#onEnd();
  }
}
