/** Calls `run` before the next paint; returns the function that calls it off. */
export type Schedule = (run: () => void) => () => void;

export interface Inbox<T> {
  readonly push: (item: T) => void;
  readonly isEmpty: () => boolean;
  readonly stop: () => void;
}

/**
 * Collects what arrives and hands it on once a frame. Not a throttle that starts anew with each message: under a steady
 * stream that one never fires. The first item asks for a frame, the others ride along.
 */
export function createInbox<T>(schedule: Schedule, drain: (items: readonly T[]) => void): Inbox<T> {
  let items: T[] = [];
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel = undefined;
    const full = items;
    items = [];
    drain(full);
  };
  return {
    push(item) {
      items.push(item);
      cancel ??= schedule(flush);
    },
    isEmpty: () => items.length === 0,
    stop() {
      cancel?.();
      cancel = undefined;
      items = [];
    },
  };
}

/** A hidden tab gets no frames, yet messages go on: it folds now and then, so that they do not pile up. */
const HIDDEN_MS = 1000;

/** The browser's frames. */
export function onNextFrame(run: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = window.setTimeout(run, HIDDEN_MS);
    return () => window.clearTimeout(timer);
  }
  // The tab may be hidden before the frame comes: whichever is first.
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    cancel();
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = window.setTimeout(once, HIDDEN_MS);
  const cancel = (): void => {
    isDone = true;
    cancelAnimationFrame(frame);
    window.clearTimeout(timer);
  };
  return cancel;
}
