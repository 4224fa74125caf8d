export { isProfileFault, type ProfileFault, type ProfileFaultKind } from './fault.ts';
export { legacyProfileOf, type LegacyProfile } from './legacy.ts';
export { LIMITS, type Limits } from './limits.ts';
export { parseProfile } from './parse.ts';
export {
  framesOf,
  labelsOf,
  NONE,
  type Frame,
  type FrameTable,
  type LabelTable,
  type Profile,
  type ProfileKind,
  type SampleTable,
  type StackTable,
  type ValueType,
} from './profile.ts';
export { topFunctions, totalsOf, type FunctionRow } from './summary.ts';
export { hasProfileShape } from './wire.ts';
