import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pageAddress } from './collector.ts';
import type { Ended, Observe } from './observe.ts';
import { createObserve } from './observe.ts';
import type { Stream } from './streams.ts';

/** Where a page gets its run from: a collector, or its own file. */
export const SOURCES = ['collector', 'snapshot'] as const;
export type Source = (typeof SOURCES)[number];

/** A recording (`streams/panics.jsonl`), or a stream that a test made. */
export type Shelved = string | Stream;

/** Kept runs to look at, each made once. */
export interface Library {
  /** An address that opens the page on this run, in a browser that has never been here. */
  address(of: Shelved, source: Source): Promise<string>;
  dispose(): Promise<void>;
}

export function createLibrary(): Library {
  const observe = createObserve();
  let serving: Promise<unknown> | undefined;
  const ids = new Map<string, Promise<string>>();
  const snapshots = new Map<string, Promise<string>>();

  const idOf = (of: Shelved): Promise<string> => once(ids, nameOf(of), () => importRun(observe, of));
  const snapshotOf = (of: Shelved): Promise<string> =>
    once(snapshots, nameOf(of), async () => {
      const file = join(observe.home, `${nameOf(of).replaceAll('/', '-')}.html`);
      succeeded(await observe.run(['snapshot', await idOf(of), '-o', file]));
      return pathToFileURL(file).href;
    });

  return {
    address: async (of, source) => {
      if (source === 'snapshot') return snapshotOf(of);
      await (serving ??= observe.serve());
      return pageAddress(observe.home, await idOf(of));
    },
    dispose: () => observe.dispose(),
  };
}

const nameOf = (of: Shelved): string => (typeof of === 'string' ? of : of.name);

async function importRun(observe: Observe, of: Shelved): Promise<string> {
  const args: string[] = [];
  if (typeof of === 'string') args.push(fileURLToPath(new URL(`../recordings/${of}`, import.meta.url)));
  else {
    writeFileSync(join(observe.home, of.name), of.bytes());
    args.push(of.name, `--name=${of.title ?? of.name}`);
  }
  const { stdout } = succeeded(await observe.run(['import', '--json', ...args]));
  return (JSON.parse(stdout) as { run: { id: string } }).run.id;
}

function succeeded(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`exit code ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

function once<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known;
}
