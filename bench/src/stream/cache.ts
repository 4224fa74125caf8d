import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.ts';
import { generate } from './generate.ts';
import type { Shape } from './plan.ts';
import { readRecorded } from './recorded.ts';

/** What the benchmark keeps between two runs. */
export const CACHE = join(ROOT, 'node_modules/.cache/observe-bench');

/** A generated stream on disk. */
export interface StreamFile {
  readonly shape: Shape;
  readonly path: string;
  readonly bytes: number;
}

/** The stream of a shape; generated when it is not there, or was made by another generator. `version`: of the generator. */
export function streamFile(shape: Shape, version: string): StreamFile {
  const key = createHash('sha256')
    .update(version + JSON.stringify(shape))
    .digest('hex')
    .slice(0, 12);
  const path = join(CACHE, `${shape.name}-${key}.jsonl`);
  if (!existsSync(path)) {
    console.error(`generating ${shape.name} …`);
    mkdirSync(CACHE, { recursive: true });
    for (const old of readdirSync(CACHE)) if (old.startsWith(`${shape.name}-`)) rmSync(join(CACHE, old));
    const file = openSync(`${path}.part`, 'w');
    for (const chunk of generate(shape, readRecorded())) writeSync(file, chunk);
    closeSync(file);
    renameSync(`${path}.part`, path);
  }
  return { shape, path, bytes: statSync(path).size };
}
