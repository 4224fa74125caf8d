import type { ArtifactFacts, ShownArtifact } from '@observe/protocol';
import type { ArtifactDescription } from '@observe/query';
import type { Runs, RunView } from '../runs.ts';
import type { Traces } from './traces.ts';

/** A larger one is listed, and not looked into. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Descriptions that are remembered. */
const MAX_KNOWN = 2000;

/** The artifacts of runs, with what they hold. Each is looked into once. */
export class ArtifactShelf {
  readonly #runs: Runs;
  readonly #traces: Traces;
  readonly #known = new Map<string, ArtifactDescription>();

  constructor(runs: Runs, traces: Traces) {
    this.#runs = runs;
    this.#traces = traces;
  }

  /** `bytes`: of it that are there. */
  async show(view: RunView, artifact: ArtifactFacts, bytes: number): Promise<ShownArtifact> {
    const { id, name, format, state, why } = artifact;
    const held = format === 'trace' ? await this.#trace(view, artifact) : await this.#describe(view, artifact, bytes);
    const { label = artifact.label, words, package: of = artifact.package, placedBy } = held;
    const gone = bytes === 0 && (artifact.bytes ?? 0) > 0 ? 'its bytes are not kept any more' : undefined;
    const note = gone ?? why ?? held.note;
    return {
      id,
      name,
      format,
      ...(label === undefined ? {} : { label }),
      package: of ?? null,
      placedBy: placedBy ?? null,
      fromNs: held.fromNs ?? null,
      toNs: held.toNs ?? null,
      ...(words === undefined ? {} : { words }),
      ...(note === undefined ? {} : { note }),
      state,
      bytes,
    };
  }

  async #trace(view: RunView, { id }: ArtifactFacts): Promise<Partial<ArtifactDescription>> {
    const { processes } = await this.#traces.ask(view, { kind: 'processes' });
    const process = processes.find(({ artifact }) => artifact === id);
    if (process === undefined) return {};
    const [fault] = process.faults;
    return {
      package: process.package ?? undefined,
      placedBy: process.placedBy ?? undefined,
      fromNs: process.startNs ?? undefined,
      toNs: process.endNs ?? undefined,
      words: `${process.goroutines.toLocaleString('en-US')} goroutines`,
      note:
        process.why ??
        fault?.message ??
        (process.package === null && !process.isGrowing
          ? 'nothing in it tells which package of this run it is of'
          : undefined),
    };
  }

  async #describe(view: RunView, artifact: ArtifactFacts, bytes: number): Promise<Partial<ArtifactDescription>> {
    if (bytes === 0 || artifact.state === 'growing') return {};
    if (bytes > MAX_BYTES) return { note: 'too large to be looked into' };
    const key = `${view.id} ${artifact.id} ${bytes}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#runs.readArtifact(view.id, artifact.id, 0, bytes)) pieces.push(piece);
    const described = await this.#traces.ask(view, {
      kind: 'describe',
      artifact,
      bytes: new Uint8Array(Buffer.concat(pieces)),
    });
    this.#known.set(key, described);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return described;
  }
}
