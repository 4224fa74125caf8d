export { createReader, type Reader, type TraceEnd } from './reader.ts';
export { createSharedLog, type SharedLog } from './change-log.ts';
export { createDoor, serveDecoder, serveReader, serveTables } from './door.ts';
export type { DoorClient, DoorPort, FromReader, Post, ToReader, ToTables, TraceDoor } from './door.ts';
export { transferablesOf } from './transfer.ts';
export type { TraceFault, TraceFaultKind } from './fault.ts';
export { LIMITS, type Limits } from './limits.ts';
export { BEFORE, GO_STATE, INTERVAL_FLAG, METRIC_KIND, NONE, OPEN, RANGE_KIND } from './tables.ts';
export type {
  ClockSnapshot,
  CountSeries,
  CountTable,
  EndTable,
  ExperimentalBatch,
  GoroutineTable,
  IntervalTable,
  LabelTable,
  LogTable,
  MetricTable,
  RangeTable,
  RegionTable,
  SampleTable,
  Segment,
  TaskTable,
  WakeTable,
} from './tables.ts';
export { SymbolTable, type Frame, type FrameTable, type StackTable, type SymbolSegment } from './symbols.ts';
export { EVENT_SPECS, eventName, type EventSpec } from './spec.ts';
export { parseHeader } from './version.ts';
export { TotalsTable, type GoroutineTotals } from './totals.ts';
export { LaneIndex } from './lanes.ts';
export { LanePyramid, type LaneWindow } from './lane-pyramid.ts';
export { CountPyramid, type CountWindow } from './pyramid.ts';
export { F64Column, I32Column, U8Column } from './columns.ts';
