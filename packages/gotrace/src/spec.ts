/**
 * Every event on the wire: its number, Go's name and its arguments after the time difference.
 * `-`: structural, it never stands among timed events. Source: Go, `internal/trace/tracev2/events.go`; order of the arguments
 * as measured on the wire (the comments of Go 1.22 are wrong for some).
 */
const EVENTS = `
 1 EventBatch -
 2 Stacks -
 3 Stack -
 4 Strings -
 5 String -
 6 CPUSamples -
 7 CPUSample -
 8 Frequency -
 9 ProcsChange procs stack
10 ProcStart p p_seq
11 ProcStop
12 ProcSteal p p_seq m
13 ProcStatus p pstatus
14 GoCreate new_g new_stack stack
15 GoCreateSyscall new_g
16 GoStart g g_seq
17 GoDestroy
18 GoDestroySyscall
19 GoStop reason_string stack
20 GoBlock reason_string stack
21 GoUnblock g g_seq stack
22 GoSyscallBegin p_seq stack
23 GoSyscallEnd
24 GoSyscallEndBlocked
25 GoStatus g m gstatus
26 STWBegin kind_string stack
27 STWEnd
28 GCActive gc_seq
29 GCBegin gc_seq stack
30 GCEnd gc_seq
31 GCSweepActive p
32 GCSweepBegin stack
33 GCSweepEnd swept_value reclaimed_value
34 GCMarkAssistActive g
35 GCMarkAssistBegin stack
36 GCMarkAssistEnd
37 HeapAlloc heapalloc_value
38 HeapGoal heapgoal_value
39 GoLabel label_string
40 UserTaskBegin task parent_task name_string stack
41 UserTaskEnd task stack
42 UserRegionBegin task name_string stack
43 UserRegionEnd task name_string stack
44 UserLog task key_string value_string stack
45 GoSwitch g g_seq
46 GoSwitchDestroy g g_seq
47 GoCreateBlocked new_g new_stack stack
48 GoStatusStack g m gstatus stack
49 ExperimentalBatch -
50 Sync -
51 ClockSnapshot -
52 EndOfGeneration -
128 Span id npages_value kindclass
129 SpanAlloc id npages_value kindclass
130 SpanFree id
131 HeapObject id type
132 HeapObjectAlloc id type
133 HeapObjectFree id
134 GoroutineStack id order
135 GoroutineStackAlloc id order
136 GoroutineStackFree id
`;

/** One event of the wire format. */
export interface EventSpec {
  readonly type: number;
  readonly name: string;
  /** After the type and the time difference; undefined: structural. */
  readonly args: readonly string[] | undefined;
}

/** Key: event type. */
export const EVENT_SPECS: ReadonlyMap<number, EventSpec> = new Map(
  EVENTS.trim()
    .split('\n')
    .map((line) => {
      const [type = '', name = '', ...args] = line.trim().split(' ');
      return [Number(type), { type: Number(type), name, args: args[0] === '-' ? undefined : args }] as const;
    }),
);

/** What `ARG_COUNTS` says of an event that is structural or unknown. */
export const NOT_TIMED = 255;

/** Index: event type; how many numbers follow the time difference. For the hot loop. */
export const ARG_COUNTS: Uint8Array = Uint8Array.from({ length: 256 }, (_, type) => {
  return EVENT_SPECS.get(type)?.args?.length ?? NOT_TIMED;
});

/** Go's name of an event type, or its number. */
export const eventName = (type: number): string => EVENT_SPECS.get(type)?.name ?? `event ${type}`;
