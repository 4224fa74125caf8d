// `node tools/play.mjs FILE`: writes a recorded stream to stdout at its own speed, as if it were happening now.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { replayed, timeMsOf } from './replay.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node tools/play.mjs FILE.jsonl');
  process.exit(2);
}

const startMs = Date.now();
/** From the recording's clock to ours; known when the first Time is. */
let shiftMs = /** @type {number | undefined} */ (undefined);
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
  const timeMs = timeMsOf(line);
  if (timeMs !== undefined) {
    shiftMs ??= startMs - timeMs;
    // A line may be older than the one before it (packages run side by side): it comes at once.
    const waitMs = timeMs + shiftMs - Date.now();
    if (waitMs > 0) await sleep(waitMs);
  }
  process.stdout.write(`${replayed(line, shiftMs ?? 0)}\n`);
}
