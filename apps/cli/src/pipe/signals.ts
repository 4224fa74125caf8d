import { EXIT } from '../problem.ts';

/** What the user wants with a signal. */
export interface Interruption {
  /** Ctrl-C came: the input is still read to its end, since `go test` got it too. */
  readonly isInterrupted: boolean;
  /** Exit code of a signal that ended the reading; undefined when none did. */
  readonly exitCode: number | undefined;
}

interface SignalHandlers {
  /** First Ctrl-C. */
  onInterrupt(): void;
  /** Somebody wants us gone, orderly. */
  onTerminate(): void;
  /** Second Ctrl-C: now. */
  onQuit(): void;
}

/** Returns what has come so far, and the function that stops listening. */
export function catchSignals({ onInterrupt, onTerminate, onQuit }: SignalHandlers): Interruption & { stop(): void } {
  let interrupts = 0;
  let exitCode: number | undefined;
  const interrupt = (): void => {
    interrupts++;
    if (interrupts === 1) onInterrupt();
    else onQuit();
  };
  const terminate = (code: number) => (): void => {
    exitCode ??= code;
    onTerminate();
  };
  const handlers = [
    ['SIGINT', interrupt],
    ['SIGTERM', terminate(EXIT.terminated)],
    ['SIGHUP', terminate(EXIT.hungUp)],
  ] as const;
  for (const [signal, handle] of handlers) process.on(signal, handle);
  return {
    get isInterrupted() {
      return interrupts > 0;
    },
    get exitCode() {
      return exitCode;
    },
    stop() {
      for (const [signal, handle] of handlers) process.off(signal, handle);
    },
  };
}
