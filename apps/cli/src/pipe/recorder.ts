import type { ArtifactFacts, EndReason, HostFacts, ProcessFacts, ProducerHeader } from '@observe/protocol';
import { createRecordFold, emptyRun, type RunState } from '@observe/run';
import { decodeUtf8, NO_PAYLOAD, withSeq } from '@observe/store';
import type { KeptLog } from './kept-log.ts';
import type { LineChunk } from './line-chunker.ts';

/** The machine's monotonic clock: on Linux CLOCK_MONOTONIC, which execution traces use too. */
export const monotonicNs = (): number => Number(process.hrtime.bigint());

/** Numbers what is read, keeps it, and folds it: the state is always that of everything read. */
export class Recorder {
  readonly log: KeptLog;
  readonly #producer: string;
  readonly #clockNs: () => number;
  readonly #fold = createRecordFold(decodeUtf8);
  #state = emptyRun();
  #line = 0;
  #hasEnded = false;
  #fault: unknown;

  constructor(log: KeptLog, producer: string, clockNs = monotonicNs) {
    this.log = log;
    this.#producer = producer;
    this.#clockNs = clockNs;
  }

  get state(): RunState {
    return this.#state;
  }

  /** A bug in the fold: the state is that of before. Undefined when there was none. */
  get fault(): unknown {
    return this.#fault;
  }

  host(facts: HostFacts): void {
    this.#record({ kind: 'host', ...this.#stamp(), facts });
  }

  lines({ bytes, count, isCut }: LineChunk): void {
    const header = { kind: 'lines', ...this.#stamp(), count, bytes: bytes.byteLength } as const;
    this.#record(isCut ? { ...header, isCut } : header, bytes, count);
  }

  /** A line has not ended: `bytes` of it were read, the last of them `added`. It is kept, and counts when it has ended. */
  unfinished(bytes: number, added: Uint8Array): void {
    const header = { kind: 'lines', ...this.#stamp(), count: 1, bytes, isCut: true } as const;
    this.log.keepUnfinished({ ...header, seq: header.line, producer: this.#producer }, added);
  }

  /** Both clocks, read together. */
  clock(wall: Date): void {
    this.#record({ kind: 'clock', ...this.#stamp(), wall: wall.toISOString() });
  }

  process(process: ProcessFacts): void {
    this.#record({ kind: 'process', ...this.#stamp(), process });
  }

  artifact(artifact: ArtifactFacts): void {
    this.#record({ kind: 'artifact', ...this.#stamp(), artifact });
  }

  /** `exitCode`: of `go test`, where it is known. */
  end(reason: EndReason, exitCode?: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#record({ kind: 'end', ...this.#stamp(), reason, ...(exitCode === undefined ? {} : { exitCode }) });
  }

  #stamp(): { line: number; monoNs: number } {
    return { line: this.#line + 1, monoNs: this.#clockNs() };
  }

  #record(header: ProducerHeader, payload: Uint8Array = NO_PAYLOAD, lines = 1): void {
    const record = { header: withSeq(header, header.line, this.#producer), payload };
    this.#line += lines;
    this.log.append(record);
    if (this.#fault !== undefined) return;
    try {
      this.#state = this.#fold(this.#state, [record]);
    } catch (error) {
      this.#fault = error; // a bug of ours must not stop the tests: what is read is kept all the same
    }
  }
}
