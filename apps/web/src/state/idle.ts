/** What the page waits for: answers that were asked for and have not come. */
const pending = new Set<Promise<unknown>>();

/** Makes `idle` wait for a promise; hands it back. */
export function track<T>(promise: Promise<T>): Promise<T> {
  pending.add(promise);
  const done = (): void => void pending.delete(promise);
  promise.then(done, done);
  return promise;
}

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/**
 * Settles when nothing is under way: no answer is awaited, `isQuiet` (nothing waits to be folded or written), and two frames have passed in
 * which that stayed so, so that it is all painted. For tests, in place of sleeping.
 */
export async function idle(isQuiet: () => boolean): Promise<void> {
  for (let quietFrames = 0; quietFrames < 2;) {
    await Promise.allSettled(pending);
    await frame();
    quietFrames = pending.size === 0 && isQuiet() ? quietFrames + 1 : 0;
  }
}
