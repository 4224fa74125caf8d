import { formatNs, plural } from '@observe/base';

/** What a finding says to people. */
export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

const MAX_NAMES = 5;

/** `TestA, TestB and 3 more` */
export function names(all: readonly string[]): string {
  if (all.length <= MAX_NAMES) return all.join(', ');
  return `${all.slice(0, MAX_NAMES).join(', ')} and ${all.length - MAX_NAMES} more`;
}

/** Every text of every detector, by the detector's id. */
export const WORDS = {
  timeout: (of: { package: string; after: string; tests: readonly string[]; places: readonly string[] }): Words => ({
    title: `${of.tests.length === 0 ? of.package : names(of.tests)} ran into -timeout ${of.after}`,
    detail: [
      `The test process was killed after ${of.after}, the time of -timeout.`,
      ...of.places,
      ...(of.places.length === 0 ? ['The text of the process does not tell where they stood.'] : []),
    ].join('\n'),
    next: 'Look at what these goroutines wait for. If they only need longer, raise -timeout.',
  }),
};
