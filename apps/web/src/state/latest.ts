import { track } from './idle.ts';

/** What a question costs and means to `createLatest`. */
export interface Asking<Wish, Answer> {
  ask(wish: Wish, signal: AbortSignal): Promise<Answer>;
  /** Whether the answer to one is the answer to the other. */
  isSame(a: Wish, b: Wish): boolean;
  /** Whether the answer to `asked` is of no use to who wants `wanted`: then it is not waited for. Absent: it never is. */
  isUseless?(asked: Wish, wanted: Wish): boolean;
  /** Told of each answer; or why there is none, in words. */
  took(answer: Answer | undefined, error: string | undefined): void;
}

export interface Latest<Wish> {
  /** Undefined: nothing more is wanted. */
  want(wish: Wish | undefined): void;
  /** What was answered is another thing's: the next wish is asked whatever it is. */
  forget(): void;
  stop(): void;
}

/**
 * Asks one question at a time; the newest wish is asked next. To drop each question for the next one would starve whoever follows
 * something that moves faster than answers come.
 */
export function createLatest<Wish, Answer>({ ask, isSame, isUseless, took }: Asking<Wish, Answer>): Latest<Wish> {
  let wanted: Wish | undefined;
  let answered: Wish | undefined;
  let asked: { readonly wish: Wish; readonly abort: AbortController } | undefined;

  function start(wish: Wish): void {
    const abort = new AbortController();
    asked = { wish, abort };
    const take = (answer: Answer | undefined, error: string | undefined): void => {
      if (abort.signal.aborted) return;
      asked = undefined;
      answered = wish;
      took(answer, error);
      proceed();
    };
    track(ask(wish, abort.signal)).then(
      (answer) => take(answer, undefined),
      (error: unknown) => take(undefined, error instanceof Error ? error.message : String(error)),
    );
  }

  function proceed(): void {
    if (wanted === undefined || (answered !== undefined && isSame(wanted, answered))) return;
    if (asked !== undefined) {
      if (isSame(wanted, asked.wish) || isUseless?.(asked.wish, wanted) !== true) return;
      asked.abort.abort();
    }
    start(wanted);
  }

  const forget = (): void => {
    asked?.abort.abort();
    asked = answered = undefined;
  };
  return {
    want(wish) {
      wanted = wish;
      proceed();
    },
    forget,
    stop() {
      wanted = undefined;
      forget();
    },
  };
}
