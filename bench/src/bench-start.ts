import { spawn } from 'node:child_process';
import { interleaved, median } from './measure.ts';
import { OBSERVE, openHome } from './observed.ts';
import { milliseconds, type Row } from './report.ts';

/** More than a pipe holds: its write ends only once the reader has begun to read. */
const BLOCKING_BYTES = 1024 * 1024;

/** From the start of `observe` until a writer whose pipe is full can go on; and the same for a Node that does nothing else. */
export async function benchStart(rounds: number): Promise<Row[]> {
  const home = await openHome();
  try {
    const first = (args: readonly string[]) => async (): Promise<number> => {
      const startMs = performance.now();
      const reader = spawn(process.execPath, args, { env: home.env, stdio: ['pipe', 'ignore', 'ignore'] });
      reader.stdin.on('error', () => undefined);
      await new Promise((resolve) =>
        reader.stdin.write(Buffer.alloc(BLOCKING_BYTES, '{"Action":"start","Package":"p"}\n'), resolve),
      );
      const ms = performance.now() - startMs;
      reader.stdin.end();
      await new Promise((resolve) => reader.on('close', resolve));
      return ms;
    };
    const [ours = [], bare = []] = await interleaved(rounds, [
      first([OBSERVE, '--collector=auto']),
      first(['-e', 'process.stdin.resume()']),
    ]);
    const ms = median(ours);
    return [
      { what: 'start to a full pipe being read', value: milliseconds(ms), goal: '≤ 100 ms', isMet: ms <= 100 },
      {
        what: 'the same, a bare Node',
        value: `${milliseconds(median(bare))}; observe adds ${milliseconds(ms - median(bare))}`,
      },
    ];
  } finally {
    home.close();
  }
}
