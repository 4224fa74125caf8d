/**
 * A copy that keeps nothing else alive. V8 makes `slice` a view of the whole it was cut from, so one kept test name
 * would otherwise keep the megabyte of input that it came in.
 */
export const detach = (text: string): string => (' ' + text).slice(1);

/** `count` with its word: `1 test`, `2 tests`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
