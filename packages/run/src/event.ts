import type { TestEvent } from '@observe/gotest';
import type { ArtifactFacts, EndReason, HostFacts, ProcessFacts } from '@observe/protocol';

interface Logged {
  /** 1, 2, 3 … per run, given by the log's one writer. */
  readonly seq: number;
  /** The producer's monotonic clock when it read the line. */
  readonly monoNs: number;
}

/** One event of a run's log, as the fold takes it. */
export type RunEvent =
  | (Logged & { readonly kind: 'test'; readonly event: TestEvent })
  /** A line that was not an event; `isCut`: a piece of a line that is too long, or the torn last one. */
  | (Logged & { readonly kind: 'stray'; readonly text: string; readonly isCut: boolean })
  | (Logged & { readonly kind: 'host'; readonly facts: HostFacts })
  | (Logged & { readonly kind: 'clock'; readonly wall: string })
  | (Logged & { readonly kind: 'process'; readonly process: ProcessFacts })
  | (Logged & { readonly kind: 'artifact'; readonly artifact: ArtifactFacts })
  | (Logged & { readonly kind: 'end'; readonly reason: EndReason; readonly exitCode: number | undefined });
