import { formatNs } from '@observe/base';
import type { PackageState, TestState } from '@observe/run';
import { segmentAt, segmentCount } from './lane.ts';

/** A row in sight, as the dump names it. */
export type DumpRow =
  | { readonly kind: 'package'; readonly depth: number; readonly package: PackageState }
  | { readonly kind: 'test'; readonly depth: number; readonly test: TestState }
  | { readonly kind: 'build'; readonly depth: number; readonly importPath: string };

/**
 * The timeline in words, for tests and for screen readers: one line a row, each with its phases.
 *
 *     example.com/shop/auth fail 0ns–5.02s
 *       TestSessionDeadlock lost: running 1.2ms–5.01s, torn
 */
export function textDump(rows: readonly DumpRow[], nowNs: number): string {
  return rows.map((row) => '  '.repeat(row.depth) + describeRow(row, nowNs)).join('\n');
}

export function describeRow(row: DumpRow, nowNs: number): string {
  switch (row.kind) {
    case 'build':
      return `${row.importPath} build failed`;
    case 'package': {
      const { name, outcome, startNs, endNs } = row.package;
      const span =
        startNs === undefined ? '' : ` ${formatNs(startNs)}–${endNs === undefined ? 'now' : formatNs(endNs)}`;
      return `${name} ${outcome}${span}`;
    }
    case 'test':
      return `${row.test.name} ${row.test.outcome}${phasesText(row.test, nowNs)}`;
  }
}

/** `: paused 1ms–2s, running 2s–now`; empty when no time is known. */
export function phasesText(test: TestState, nowNs: number): string {
  const parts: string[] = [];
  for (let i = 0; i < segmentCount(test); i++) {
    const segment = segmentAt(test, i, nowNs);
    if (segment === undefined) continue;
    parts.push(`${segment.look} ${formatNs(segment.fromNs)}–${segment.isOpen ? 'now' : formatNs(segment.toNs)}`);
  }
  if (test.outcome === 'lost') parts.push('torn');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
