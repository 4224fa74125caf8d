import { readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactFacts, ProcessFacts } from '@observe/protocol';
import { errnoOf, isAlive, processOf } from '@observe/store';
import { importPathOf } from '../facts/go-package.ts';
import { messageOf } from '../problem.ts';
import { MAX_RECORD_BYTES, parseRecord, type CaptureRecord } from './capture-record.ts';
import { CapturedFile } from './captured-file.ts';
import type { Owner } from './owner.ts';
import { repeat } from './repeat.ts';
import { PROFILES } from './wrapper.ts';

/** Between two looks at what the processes have written: a tenth of a generation of a trace. */
const LOOK_MS = 100;
/** What still runs so long after the end of the stream is left alone. */
const LAST_MS = 1000;
/** A home with more is not in order: the rest waits for the next look. */
const MAX_RECORDS_A_LOOK = 10_000;

/** What the run takes. */
export interface CaptureSink {
  process(facts: ProcessFacts): void;
  artifact(facts: ArtifactFacts): void;
  /** The first `bytes` bytes of an artifact are in this file, and stay as they are. `isWhole`: that is all. */
  offer(artifact: string, path: string, bytes: number, isWhole: boolean): void;
  /** Where an artifact of the run belongs; undefined when the run is not kept on disk. */
  artifactPath(artifact: string): Promise<string | undefined>;
}

export interface CaptureOptions {
  /** Where the wrapper leaves its records. */
  readonly dir: string;
  /** Which of them are this run's. */
  readonly owner: Owner;
  readonly maxTraceBytes: number;
  /** What could not be done; once. */
  readonly onFault: (message: string) => void;
}

interface Part {
  readonly facts: Omit<ArtifactFacts, 'state'>;
  readonly file: CapturedFile;
  /** It is shown while it grows; others only once their process has ended. */
  readonly isLive: boolean;
  isKnown: boolean;
}

interface Process {
  readonly facts: ProcessFacts;
  readonly isAlive: () => boolean;
  readonly parts: readonly Part[];
}

/**
 * Finds the test binaries of a run by the records that the wrapper left, and follows what they write until they end. Nothing waits
 * for it, and whatever it cannot do is told once.
 */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #sink: CaptureSink;
  readonly #running = new Set<Process>();
  readonly #ids = new Set<string>();
  /** Records of others, by name and time (a pid comes again): they are not read again. */
  readonly #foreign = new Set<string>();
  #stop: () => Promise<void> = () => Promise.resolve();
  #hasFault = false;

  constructor(options: CaptureOptions, sink: CaptureSink) {
    this.#options = options;
    this.#sink = sink;
  }

  start(): void {
    this.#stop = repeat(() => this.#round(), LOOK_MS);
  }

  /** The stream has ended: the last bytes of all that ran. What does not end is left alone after a moment. Never rejects. */
  async finish(): Promise<void> {
    await this.#stop();
    const deadline = performance.now() + LAST_MS;
    for (;;) {
      await this.#round();
      if (this.#running.size === 0) return;
      if (performance.now() > deadline) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS / 4));
    }
    for (const process of this.#running) await this.#end(process, 'its process still ran when the stream ended');
  }

  async #round(): Promise<void> {
    try {
      await this.#findNew();
    } catch (error) {
      this.#fault(error);
    }
    for (const process of this.#running) {
      // Asked first: what it writes before it ends is there when it is looked at.
      const hasEnded = !process.isAlive();
      for (const part of process.parts) if (part.isLive || hasEnded) await this.#lookAt(part);
      if (hasEnded) await this.#end(process);
    }
  }

  async #findNew(): Promise<void> {
    const { dir } = this.#options;
    const names = await readdir(dir).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    });
    const records = names.filter((name) => /^\d{1,10}\.process$/.test(name));
    if (records.length === 0) this.#foreign.clear();
    for (const name of records.slice(0, MAX_RECORDS_A_LOOK)) await this.#take(name);
  }

  async #take(name: string): Promise<void> {
    const { dir, owner, maxTraceBytes } = this.#options;
    const path = join(dir, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || found.size > MAX_RECORD_BYTES) return;
    const key = `${name} ${found.mtimeMs}`;
    if (this.#foreign.has(key)) return;
    const record = parseRecord(await readFile(path, 'utf8').catch(() => ''));
    if (record === undefined) return; // not whole yet
    const owned = await owner(record, found.mtimeMs);
    if (owned === 'others') return void this.#foreign.add(key);
    try {
      await unlink(path); // whoever does this has the process
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw error;
    }
    const id = this.#newId(record.pid);
    const pkg = await importPathOf(record.directory, record.binary);
    const facts: ProcessFacts = {
      id,
      pid: record.pid,
      parentPid: record.parent,
      directory: record.directory,
      ...(record.binary === '' ? {} : { binary: record.binary }),
      ...(pkg === undefined ? {} : { package: pkg }),
      ...(owned === 'guess' ? { isGuess: true } : {}),
    };
    const started = processOf(record.pid);
    this.#sink.process(facts);
    this.#running.add({
      facts,
      isAlive: () => isAlive(started),
      parts: partsOf(record, { dir, facts, sinceMs: found.mtimeMs, maxTraceBytes, sink: this.#sink }),
    });
  }

  /** A pid may come again in a long run. */
  #newId(pid: number): string {
    let id = String(pid);
    for (let again = 2; this.#ids.has(id); again++) id = `${pid}-${again}`;
    this.#ids.add(id);
    return id;
  }

  async #lookAt(part: Part): Promise<void> {
    const { file, facts } = part;
    const before = file.bytes;
    try {
      await file.look();
    } catch (error) {
      this.#fault(error);
    }
    if (file.path === undefined || file.bytes === before) return;
    if (!part.isKnown) this.#sink.artifact({ ...facts, state: 'growing' });
    part.isKnown = true;
    this.#sink.offer(facts.id, file.path, file.bytes, false);
  }

  async #end(process: Process, why?: string): Promise<void> {
    this.#running.delete(process);
    for (const { facts, file, isKnown } of process.parts) {
      if (isKnown && file.path !== undefined) {
        this.#sink.offer(facts.id, file.path, file.bytes, true);
        this.#sink.artifact({ ...facts, ...file.outcome, ...(why === undefined ? {} : { state: 'cut', why }) });
      } else if (file.path !== undefined) {
        await rm(file.path, { force: true }).catch((error: unknown) => this.#fault(error)); // empty: it never came to be written
      }
    }
    if (why === undefined) this.#sink.process({ ...process.facts, hasEnded: true });
  }

  #fault(error: unknown): void {
    if (this.#hasFault) return;
    this.#hasFault = true;
    this.#options.onFault(`not all that the tests' processes write can be kept: ${messageOf(error)}`);
  }
}

interface PartsContext {
  readonly dir: string;
  readonly facts: ProcessFacts;
  readonly sinceMs: number;
  readonly maxTraceBytes: number;
  readonly sink: CaptureSink;
}

function partsOf(record: CaptureRecord, { dir, facts, sinceMs, maxTraceBytes, sink }: PartsContext): Part[] {
  const part = (kind: string, from: string, isLive: boolean): Part => {
    const id = `${kind}-${facts.id}`;
    return {
      facts: {
        id,
        name: id,
        format: kind === 'trace' ? 'trace' : 'pprof',
        ...(kind === 'trace' ? {} : { label: kind }),
        process: facts.id,
        ...(facts.package === undefined ? {} : { package: facts.package }),
      },
      file: new CapturedFile({
        from,
        isOwn: from !== join(dir, `${record.pid}.${kind}`),
        sinceMs,
        maxBytes: maxTraceBytes,
        place: () => sink.artifactPath(id),
      }),
      isLive,
      isKnown: false,
    };
  };
  const parts = record.trace === undefined ? [] : [part('trace', record.trace, true)];
  for (const profile of PROFILES) {
    const from = record.profiles.get(profile);
    if (from !== undefined) parts.push(part(profile, from, false));
  }
  return parts;
}
