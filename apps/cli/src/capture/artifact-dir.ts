import { createReadStream } from 'node:fs';
import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactFacts } from '@observe/protocol';
import { ARTIFACT_HEAD_BYTES, kindOfArtifact } from '@observe/run';
import { artifactIdOf, openArtifactSource } from '@observe/store';
import { messageOf, Problem } from '../problem.ts';
import type { CaptureSink } from './capture.ts';
import { CapturedFile } from './captured-file.ts';
import { repeat } from './repeat.ts';

/** Between two looks at the directory. */
const LOOK_MS = 250;
/** What has more files is no directory of artifacts. */
const MAX_FILES = 1000;

export interface ArtifactDirOptions {
  readonly dir: string;
  /** Older files are not of this run; ms since 1970. */
  readonly sinceMs: number;
  readonly maxTraceBytes: number;
  /** A file that is not taken, and why. */
  readonly onFault: (message: string) => void;
}

interface Growing {
  readonly facts: Omit<ArtifactFacts, 'state'>;
  readonly file: CapturedFile;
  isKnown: boolean;
}

/**
 * Keeps what appears in a directory beside the run: execution traces while they grow, profiles, coverage and dumps when it is over. The
 * files stay where they are; what each is is told by what it holds.
 */
export class ArtifactDir {
  readonly #options: ArtifactDirOptions;
  readonly #sink: CaptureSink;
  readonly #traces = new Map<string, Growing>();
  readonly #ids = new Set<string>();
  #stop: () => Promise<void> = () => Promise.resolve();

  /** Problem: there is no such directory. */
  static async open(options: ArtifactDirOptions, sink: CaptureSink): Promise<ArtifactDir> {
    await checkArtifactDir(options.dir);
    return new ArtifactDir(options, sink);
  }

  private constructor(options: ArtifactDirOptions, sink: CaptureSink) {
    this.#options = options;
    this.#sink = sink;
  }

  start(): void {
    this.#stop = repeat(() => this.#follow(), LOOK_MS);
  }

  /** The run is over: the last bytes of traces, and all other files. Never rejects. */
  async finish(): Promise<void> {
    await this.#stop();
    await this.#follow();
    for (const { facts, file, isKnown } of this.#traces.values()) {
      if (!isKnown || file.path === undefined) continue;
      this.#sink.offer(facts.id, file.path, file.bytes, true);
      this.#sink.artifact({ ...facts, ...file.outcome });
    }
    for (const name of await this.#names())
      if (!this.#traces.has(name)) await this.#guarded(name, () => this.#take(name));
  }

  async #follow(): Promise<void> {
    for (const name of await this.#names()) {
      await this.#guarded(name, async () => {
        const trace = this.#traces.get(name) ?? (await this.#newTrace(name));
        if (trace === undefined) return;
        const before = trace.file.bytes;
        await trace.file.look();
        if (trace.file.path === undefined || trace.file.bytes === before) return;
        if (!trace.isKnown) this.#sink.artifact({ ...trace.facts, state: 'growing' });
        trace.isKnown = true;
        this.#sink.offer(trace.facts.id, trace.file.path, trace.file.bytes, false);
      });
    }
  }

  /** Undefined: it is none, or nothing can be said yet. */
  async #newTrace(name: string): Promise<Growing | undefined> {
    const { dir, sinceMs, maxTraceBytes } = this.#options;
    const from = join(dir, name);
    if (kindOfArtifact(await headOf(from)).kind !== 'trace') return undefined;
    const id = this.#newId(name);
    const place = (): Promise<string | undefined> => this.#sink.artifactPath(id);
    const file = new CapturedFile({ from, isOwn: true, sinceMs, maxBytes: maxTraceBytes, place });
    const trace = { facts: { id, name, format: 'trace' as const }, file, isKnown: false };
    this.#traces.set(name, trace);
    return trace;
  }

  async #take(name: string): Promise<void> {
    const { format, bytes } = await openArtifactSource(name, createReadStream(join(this.#options.dir, name)));
    const id = this.#newId(name);
    const path = await this.#sink.artifactPath(id);
    if (path === undefined) return;
    await writeFile(path, bytes, { mode: 0o600 });
    const { size } = await stat(path);
    this.#sink.offer(id, path, size, true);
    this.#sink.artifact({ id, name, format, state: 'whole', bytes: size });
  }

  #newId(name: string): string {
    const id = artifactIdOf(`dir-${name}`, (taken) => this.#ids.has(taken));
    this.#ids.add(id);
    return id;
  }

  /** Files of this run. */
  async #names(): Promise<readonly string[]> {
    const { dir, sinceMs } = this.#options;
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    const names: string[] = [];
    for (const entry of entries.slice(0, MAX_FILES)) {
      const found = entry.isFile() ? await stat(join(dir, entry.name)).catch(() => undefined) : undefined;
      if (found !== undefined && found.mtimeMs >= sinceMs) names.push(entry.name);
    }
    return names;
  }

  async #guarded(name: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#options.onFault(`--artifacts: ${join(this.#options.dir, name)} is not kept: ${messageOf(error)}`);
    }
  }
}

/** Problem: there is no such directory. */
export async function checkArtifactDir(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new Problem(`--artifacts=${dir}: there is no such directory; make it first`);
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(ARTIFACT_HEAD_BYTES), 0, ARTIFACT_HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
