/** Why bytes are no profile. */
export interface ProfileFault {
  readonly kind: ProfileFaultKind;
  /** One sentence, for people. */
  readonly message: string;
}

/**
 * - `empty`: no bytes, what a process leaves that did not end normally
 * - `gzip`: still packed; the caller inflates
 * - `legacy`: a profile of the time before profile.proto, or printed as text
 * - `malformed`: not profile.proto
 * - `truncated`: it ends too early
 * - `inconsistent`: it refers to what is not there, or says a thing twice
 * - `too-large`: a limit of this reader was met
 */
export type ProfileFaultKind = 'empty' | 'gzip' | 'legacy' | 'malformed' | 'truncated' | 'inconsistent' | 'too-large';

export const isProfileFault = (result: object): result is ProfileFault => 'message' in result;

/** How reading ends where it cannot go on; caught at the door, so that nobody else sees it. */
export class Refusal extends Error {
  readonly fault: ProfileFault;

  constructor(kind: ProfileFaultKind, message: string) {
    super(message);
    this.fault = { kind, message };
  }
}
