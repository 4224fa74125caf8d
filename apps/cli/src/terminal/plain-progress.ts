import type { Ns } from '@observe/base';
import type { RunState } from '@observe/run';
import { eventLines } from '../report/event-lines.ts';
import { packageNamer } from '../report/names.ts';
import type { RunWatch } from '../report/run-watch.ts';
import type { Style } from './style.ts';

/** What shows a run while it runs. */
export interface Progress {
  /** Shows what has changed. */
  show(state: RunState, nowNs: Ns | undefined): void;
  /** A line between the others. */
  say(text: string): void;
  /** Text of another program, as it comes. */
  pass(bytes: Uint8Array): void;
  /** Takes away what is only true for the moment. */
  end(): void;
}

/** One line for each failure and each package that ended, and nothing that moves. */
export function plainProgress(watch: RunWatch, write: (text: string | Uint8Array) => void, style: Style): Progress {
  return {
    show(state) {
      const changes = watch.look(state);
      const lines = eventLines(state, changes, packageNamer(state), style);
      if (lines.length > 0) write(lines.join('\n') + '\n');
    },
    say: (text) => write(text + '\n'),
    pass: write,
    end: () => undefined,
  };
}
