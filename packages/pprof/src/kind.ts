import type { FrameTable, ProfileKind, SampleTable, StackTable, ValueType } from './profile.ts';

/** What the kind of a profile is told by. */
interface Told {
  readonly sampleTypes: readonly ValueType[];
  readonly periodType: ValueType | undefined;
  /** As the profile says, not as this reader fills it in. */
  readonly defaultSampleType: string;
  readonly samples: SampleTable;
  readonly stacks: StackTable;
  readonly frames: FrameTable;
  readonly strings: readonly string[];
}

/** Source: Go, `runtime/pprof`, 1.9 – 1.27. Profiles have no name of their own. */
export function kindOf(told: Told): ProfileKind {
  const { sampleTypes, periodType, defaultSampleType } = told;
  const types = sampleTypes.map(({ type, unit }) => `${type}/${unit}`).join(' ');
  switch (types) {
    case 'samples/count cpu/nanoseconds':
      return 'cpu';
    case 'alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes':
      return defaultSampleType === 'alloc_space' ? 'allocs' : 'heap';
    case 'contentions/count delay/nanoseconds':
      return contentionOf(told);
    case 'goroutine/count':
    case 'goroutineleak/count':
    case 'threadcreate/count': {
      const name = sampleTypes[0]?.type as 'goroutine' | 'goroutineleak' | 'threadcreate';
      return periodType?.type === name ? name : 'unknown';
    }
    default:
      return 'unknown';
  }
}

/** Where a mutex profile has its samples: at who let the others wait. A block profile has those who waited. */
const RELEASE =
  /^(?:(?:internal\/)?sync\.(?:\(\*\w+\)\.R?Unlock|runtime_Semrelease)|runtime\.(?:unlock|_LostContended))/;

function contentionOf({ samples, stacks, frames, strings }: Told): ProfileKind {
  let hasWait = false;
  for (const stack of samples.stack) {
    const leaf = stacks.frame[stack];
    if (leaf === undefined) continue;
    if (RELEASE.test(strings[frames.func[leaf] as number] as string)) return 'mutex';
    hasWait = true;
  }
  return hasWait ? 'block' : 'contention';
}
