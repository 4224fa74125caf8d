import type { CoverageProfile } from './coverage.ts';

/** Statements, and how many of them ran. */
export interface Covered {
  readonly statements: number;
  readonly covered: number;
}

export interface CoverageSummary {
  readonly total: Covered;
  /** One for each file of the profile, in its order. */
  readonly files: readonly (Covered & { readonly file: string })[];
  /** Sorted by name. */
  readonly packages: readonly (Covered & { readonly package: string })[];
}

export function summarizeCoverage({ files, blocks }: CoverageProfile): CoverageSummary {
  const statements = new Float64Array(files.length);
  const covered = new Float64Array(files.length);
  for (let i = 0; i < blocks.length; i++) {
    const file = blocks.file[i] as number;
    const count = blocks.statements[i] as number;
    statements[file] = (statements[file] as number) + count;
    if ((blocks.count[i] as number) > 0) covered[file] = (covered[file] as number) + count;
  }
  const rows = files.map((file, row) => ({
    file,
    statements: statements[row] as number,
    covered: covered[row] as number,
  }));
  const packages = new Map<string, Covered>();
  for (const row of rows) packages.set(packageOfFile(row.file), sum(row, packages.get(packageOfFile(row.file))));
  return {
    total: rows.reduce<Covered>((total, row) => sum(row, total), NOTHING),
    files: rows,
    packages: [...packages.keys()].sort().map((name) => ({ package: name, ...sum(NOTHING, packages.get(name)) })),
  };
}

/** Percent of the statements, unrounded; undefined when there are none. */
export const percentOf = ({ statements, covered }: Covered): number | undefined =>
  statements === 0 ? undefined : (100 * covered) / statements;

/** The import path of a file of a coverage profile. A path on disk for files outside of modules. */
export const packageOfFile = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

const NOTHING: Covered = { statements: 0, covered: 0 };

const sum = (a: Covered, b: Covered = NOTHING): Covered => ({
  statements: a.statements + b.statements,
  covered: a.covered + b.covered,
});
