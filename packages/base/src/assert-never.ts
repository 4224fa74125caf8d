/** Ends a switch over one of our own unions: adding a kind then lists, at compile time, the work to do. */
export function assertNever(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
