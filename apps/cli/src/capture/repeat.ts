/** Does a task at once and again after each pause. The task must not reject. Returns the way to stop, which resolves when the last one is over. */
export function repeat(task: () => Promise<void>, pauseMs: number): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const next = (): void => {
    round = task().finally(() => {
      if (!isStopped) timer = setTimeout(next, pauseMs);
    });
  };
  next();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return round;
  };
}
