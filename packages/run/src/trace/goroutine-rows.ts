import {
  BEFORE,
  F64Column,
  GO_STATE,
  I32Column,
  INTERVAL_FLAG,
  NONE,
  OPEN,
  U8Column,
  type Segment,
} from '@observe/gotrace';

/**
 * Every goroutine of a trace, and what each does now, that is: at the end of the last segment. Row = the trace's row. Columns hold
 * `length` rows; what lies behind is no data. About 60 bytes a goroutine.
 */
export class GoroutineRows {
  /** Go's number of the goroutine; the same in dumps and race reports of the process. */
  readonly goid = new F64Column();
  /** Goroutine that created it; NONE: older than the trace, or made by none. */
  readonly parent = new I32Column();
  /** Row of the strings: what it was started with; NONE while unknown (older than the trace, and no stack seen yet). */
  readonly startFunc = new I32Column();
  /** Row of the stacks: where its creator stood. */
  readonly createStack = new I32Column();
  /** BEFORE when older than the trace. */
  readonly createdNs = new F64Column();
  /** OPEN while it lives. */
  readonly endedNs = new F64Column();
  /** Row of the owners. */
  readonly owner = new I32Column();
  /** 1: it runs its owner's test, 0: it was started on the way. */
  readonly isRunner = new U8Column();
  /** The goroutine that its owner, a test, got before it; or NONE. */
  readonly before = new I32Column();
  /** One of GO_STATE; 0 once it ended. */
  readonly state = new U8Column();
  /** Row of the reasons; 0 unknown. */
  readonly reason = new U8Column();
  /** Row of the stacks: where it stands; NONE when unknown, and while it runs. */
  readonly stack = new I32Column();
  /** Since when it has been in this state, in whatever segment that began; BEFORE: since before the trace. */
  readonly sinceNs = new F64Column();

  get length(): number {
    return this.goid.length;
  }

  /** Adds goroutine `i` of a segment's table; its owner is found later. */
  push({ goid, parent, startFunc, createStack, createdNs }: Segment['goroutines'], i: number): void {
    this.goid.push(goid[i] as number);
    this.parent.push(parent[i] as number);
    this.startFunc.push(startFunc[i] as number);
    this.createStack.push(createStack[i] as number);
    this.createdNs.push(createdNs[i] as number);
    this.endedNs.push(OPEN);
    this.owner.push(NONE);
    this.isRunner.push(0);
    this.before.push(NONE);
    this.state.push(0);
    this.reason.push(0);
    this.stack.push(NONE);
    this.sinceNs.push(BEFORE);
  }

  /** What an interval tells; intervals of one goroutine come in their order. Returns when the state began. */
  move(intervals: Segment['intervals'], i: number): number {
    const row = intervals.goroutine[i] as number;
    const isSame = ((intervals.flags[i] as number) & INTERVAL_FLAG.beganEarlier) !== 0;
    if (!isSame) this.sinceNs.values[row] = intervals.startNs[i] as number;
    this.state.values[row] = intervals.state[i] as number;
    this.reason.values[row] = intervals.reason[i] as number;
    this.stack.values[row] = intervals.stack[i] as number;
    return this.sinceNs.values[row] as number;
  }

  end(row: number, endedNs: number): void {
    this.endedNs.values[row] = endedNs;
    this.sinceNs.values[row] = endedNs;
    this.state.values[row] = 0;
    this.reason.values[row] = 0;
    this.stack.values[row] = NONE;
  }

  isAlive(row: number): boolean {
    return this.endedNs.values[row] === OPEN;
  }

  isWaiting(row: number): boolean {
    return this.state.values[row] === GO_STATE.waiting;
  }

  /** It was there when the trace began: no creation is known. */
  isOlder(row: number): boolean {
    return this.createdNs.values[row] === BEFORE;
  }
}
