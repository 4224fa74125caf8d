import { testingWait, TESTING_WAITS, type TestingWaitId } from '@observe/gostack';
import { I32Column, NONE, U8Column, type SymbolTable } from '@observe/gotrace';
import { callOf, isAnnouncement, isInSync, isOfTesting, printOf, testedCall, type Call } from './stack-rules.ts';

/** The waits of package testing, by code; code 0: none of them. */
export const TEST_WAITS: readonly (TestingWaitId | undefined)[] = [
  undefined,
  ...new Set(TESTING_WAITS.map(({ id }) => id)),
];

const FLAG = { example: 1, announcement: 2, testing: 4, sync: 8, print: 16, surePrint: 32 } as const;

/** What a stack says, found out once for each of a trace. Memory: 19 bytes for each stack asked for, and for those before it. */
export class StackFacts {
  readonly #symbols: SymbolTable;
  /** By row of the strings. */
  readonly #calls = new Map<number, Call>();
  readonly #isKnown = new U8Column();
  readonly #wait = new U8Column();
  readonly #flags = new U8Column();
  readonly #root = new I32Column();
  readonly #call = new I32Column();
  readonly #tested = new I32Column();
  readonly #user = new I32Column();

  constructor(symbols: SymbolTable) {
    this.#symbols = symbols;
  }

  /** Stack whose innermost frame is the first that is not the runtime's: what the goroutine waits in. NONE: runtime only. */
  callOf(stack: number): number {
    return this.#find(stack) ? (this.#call.values[stack] as number) : NONE;
  }

  /** Row of the strings: the function at the root, with which the goroutine was started. NONE for NONE. */
  rootFuncOf(stack: number): number {
    return this.#find(stack) ? (this.#root.values[stack] as number) : NONE;
  }

  /** Row of the strings: the user's function that package testing called (`payments.TestLedger`); NONE when there is none. */
  testedFuncOf(stack: number): number {
    return this.#find(stack) ? (this.#tested.values[stack] as number) : NONE;
  }

  /** Index into TEST_WAITS, by the first frame that is not the runtime's; the reason of the wait must fit, too. */
  testWaitOf(stack: number): number {
    return this.#find(stack) ? (this.#wait.values[stack] as number) : 0;
  }

  /** Below `testing.runExample`: an example's own code, on the main goroutine. */
  isInExample(stack: number): boolean {
    return this.#has(stack, FLAG.example);
  }

  /** Package testing writes a `=== RUN` line, just before it makes the test's goroutine. */
  isAnnouncement(stack: number): boolean {
    return this.#has(stack, FLAG.announcement);
  }

  /** Package testing itself is at work here, if through a lock; not the user's code that it calls. */
  isTesting(stack: number): boolean {
    return this.#has(stack, FLAG.testing);
  }

  /** A wait on a semaphore (reason `sync`) is one of package sync: a lock or a group of the program, none of the runtime or of a file. */
  isInSync(stack: number): boolean {
    return this.#has(stack, FLAG.sync);
  }

  /** The program writes to a file, not package testing on its behalf. */
  isPrint(stack: number): boolean {
    return this.#has(stack, FLAG.print);
  }

  /** … by `fmt.Print` and kin, or by the standard logger. */
  isSurePrint(stack: number): boolean {
    return this.#has(stack, FLAG.surePrint);
  }

  /** Row of the strings: the innermost function of the program, be it a test's or a library's that is not Go's; NONE: none. */
  userFuncOf(stack: number): number {
    return this.#find(stack) ? (this.#user.values[stack] as number) : NONE;
  }

  /** Nothing but the runtime stands here. */
  isRuntimeOnly(stack: number): boolean {
    return this.callOf(stack) === NONE;
  }

  #has(stack: number, flag: number): boolean {
    return this.#find(stack) && ((this.#flags.values[stack] as number) & flag) !== 0;
  }

  #find(stack: number): boolean {
    if (stack === NONE) return false;
    if (this.#isKnown.values[stack] !== 1) this.#add(stack);
    return true;
  }

  #add(stack: number): void {
    while (this.#isKnown.length <= stack) {
      this.#isKnown.push(0);
      this.#wait.push(0);
      this.#flags.push(0);
      this.#root.push(NONE);
      this.#call.push(NONE);
      this.#tested.push(NONE);
      this.#user.push(NONE);
    }
    const symbols = this.#symbols;
    const stacks: number[] = [];
    for (let at = stack; at !== NONE; at = symbols.callerOf(at)) stacks.push(at);
    const calls = stacks.map((at) => this.#callAt(at));
    const funcAt = (place: number): number => symbols.funcOf(stacks[place] ?? NONE);
    const print = printOf(calls);
    this.#isKnown.values[stack] = 1;
    this.#wait.values[stack] = Math.max(0, TEST_WAITS.indexOf(testingWait({ frames: calls })));
    this.#flags.values[stack] =
      (calls.some(({ func }) => func === 'testing.runExample') ? FLAG.example : 0) |
      (isAnnouncement(calls) ? FLAG.announcement : 0) |
      (isOfTesting(calls) ? FLAG.testing : 0) |
      (isInSync(calls) ? FLAG.sync : 0) |
      (print !== undefined ? FLAG.print : 0) |
      (print === 'sure' ? FLAG.surePrint : 0);
    this.#root.values[stack] = funcAt(stacks.length - 1);
    this.#call.values[stack] = stacks[calls.findIndex(({ isRuntime }) => !isRuntime)] ?? NONE;
    this.#user.values[stack] = funcAt(calls.findIndex(({ isTestCode }) => isTestCode));
    this.#tested.values[stack] = funcAt(testedCall(calls));
  }

  /** The innermost call of a stack. */
  #callAt(stack: number): Call {
    const func = this.#symbols.funcOf(stack);
    let call = this.#calls.get(func);
    if (call === undefined) {
      call = callOf(this.#symbols.framesOf(stack)[0] ?? { func: '', file: '' });
      this.#calls.set(func, call);
    }
    return call;
  }
}
