import { iterateRows, type Rows } from '@observe/base';

interface Named {
  readonly name: string;
}
interface NamedTest extends Named {
  readonly package: number;
}

/**
 * Rows by name. It only grows, and what it says of a row is true in every state of one log, so the states of a run
 * share it: a lookup passes the state's own length and sees no row beyond. A state that came over a border has an
 * empty index; the first fold fills it.
 */
export class NameIndex {
  readonly #packages = new Map<string, number>();
  readonly #tests: Map<string, number | number[]>[] = [];
  readonly #superseded = new Set<number>();
  #packageCount = 0;
  #testCount = 0;

  /** Makes sure that every row of a state is known. */
  catchUp(packages: Rows<Named>, tests: Rows<NamedTest>): void {
    if (this.#packageCount < packages.length) {
      let row = 0;
      for (const pkg of iterateRows(packages)) this.addPackage(pkg.name, row++);
    }
    if (this.#testCount < tests.length) {
      let row = 0;
      for (const test of iterateRows(tests)) this.addTest(test.package, test.name, row++);
    }
  }

  addPackage(name: string, row: number): void {
    if (row < this.#packageCount) return;
    this.#packageCount = row + 1;
    this.#packages.set(name, row);
  }

  addTest(pkg: number, name: string, row: number): void {
    if (row < this.#testCount) return;
    this.#testCount = row + 1;
    const names = (this.#tests[pkg] ??= new Map());
    const known = names.get(name);
    if (known === undefined) names.set(name, row);
    else if (typeof known === 'number') names.set(name, [known, row]);
    else known.push(row);
    if (known !== undefined) this.#superseded.add(typeof known === 'number' ? known : (known.at(-2) ?? -1));
  }

  isSuperseded(row: number): boolean {
    return this.#superseded.size > 0 && this.#superseded.has(row);
  }

  packageRow(name: string, packageCount: number): number | undefined {
    const row = this.#packages.get(name);
    return row === undefined || row >= packageCount ? undefined : row;
  }

  /** Row of the latest execution of a test, below `testCount`. */
  latest(pkg: number, name: string, testCount: number): number | undefined {
    const known = this.#tests[pkg]?.get(name);
    if (known === undefined) return undefined;
    if (typeof known === 'number') return known < testCount ? known : undefined;
    for (let i = known.length - 1; i >= 0; i--) {
      const row = known[i];
      if (row !== undefined && row < testCount) return row;
    }
    return undefined;
  }
}
