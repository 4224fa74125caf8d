import { emptyRun, type RunState } from '@observe/run';
import { liveNowNs, RunWatch } from '../report/run-watch.ts';
import { plainProgress, type Progress } from '../terminal/plain-progress.ts';
import type { World } from '../world.ts';
import { monotonicNs } from './recorder.ts';

/** Ten times a second is smooth for a person and nothing for a machine. */
const PAINT_MS = 100;

/** The run while it runs, on stderr. */
export interface Display {
  /** From now on it shows this run. */
  follow(run: { readonly state: RunState }): void;
  /** URL of the run's page. */
  setPage(page: string): void;
  /** A message of ours, between the lines of the run. */
  say(message: string): void;
  /** What another program says on stderr, between the lines of the run. */
  pass(bytes: Uint8Array): void;
  /** Shows what is left to show, and stops. */
  end(): void;
}

export async function startDisplay({ stderr, err, isLive }: World): Promise<Display> {
  const watch = new RunWatch();
  let run: { readonly state: RunState } = { state: emptyRun() };
  let page: string | undefined;
  let progress: Progress;
  if (isLive) {
    const { liveProgress } = await import('../terminal/live-progress.ts');
    progress = liveProgress(watch, stderr, err, () => page);
  } else progress = plainProgress(watch, (text) => stderr.write(text), err);

  const show = (): void => progress.show(run.state, liveNowNs(run.state, monotonicNs()));
  const timer = setInterval(show, PAINT_MS);
  if (isLive) show();
  return {
    follow: (next) => (run = next),
    setPage(url) {
      if (!isLive && page === undefined) progress.say(`observe: ${url}`); // elsewhere it is in the status line
      page = url;
    },
    say: (message) => progress.say(message),
    pass: (bytes) => progress.pass(bytes),
    end() {
      clearInterval(timer);
      show();
      progress.end();
    },
  };
}
