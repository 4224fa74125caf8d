/** One line of a benchmark's table. */
export interface Row {
  readonly what: string;
  readonly value: string;
  /** As in product.md; absent where there is none. */
  readonly goal?: string;
  readonly isMet?: boolean;
}

export const perSecond = (events: number, ms: number): string =>
  `${Math.round(events / ms).toLocaleString('en-US')},000 events/s`;
export const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'not told here' : `${Math.round(bytes / 1e6)} MB`;
export const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

export function print(title: string, rows: readonly Row[]): void {
  console.log(`\n## ${title}\n`);
  console.log('| what | figure | goal | |');
  console.log('| --- | --- | --- | --- |');
  for (const { what, value, goal, isMet } of rows) {
    const verdict = isMet === undefined ? '' : isMet ? 'met' : '**missed**';
    console.log(`| ${what} | ${value} | ${goal ?? ''} | ${verdict} |`);
  }
}
