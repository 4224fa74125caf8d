import type { GoroutineRows } from './goroutine-rows.ts';
import type { OwnerTable } from './owner-table.ts';
import type { StackFacts } from './stack-facts.ts';

/** Finds out when the `=== RUN` line of each test was written: by its parent's goroutine, just before it makes the test's. */
export class Announcements {
  readonly #owners: OwnerTable;
  readonly #goroutines: GoroutineRows;
  readonly #facts: StackFacts;
  /** By goroutine: the owners that it made in this segment, in their order, and how many of them have been passed. */
  readonly #made = new Map<number, { readonly owners: number[]; passed: number }>();

  constructor(owners: OwnerTable, goroutines: GoroutineRows, facts: StackFacts) {
    this.#owners = owners;
    this.#goroutines = goroutines;
    this.#facts = facts;
  }

  /** A segment begins; its owners are in the table, from row `firstOwner`. */
  begin(firstOwner: number): void {
    this.#made.clear();
    for (let owner = firstOwner; owner < this.#owners.length; owner++) {
      const creator = this.#goroutines.parent.values[this.#owners.root.values[owner] as number] as number;
      const made = this.#made.get(creator);
      if (made === undefined) this.#made.set(creator, { owners: [owner], passed: 0 });
      else made.owners.push(owner);
    }
  }

  /** A goroutine wrote something, since `atNs`; its writes come in their order. */
  see(row: number, stack: number, atNs: number): void {
    const made = this.#made.get(row);
    if (made === undefined || !this.#facts.isAnnouncement(stack)) return;
    const { createdNs, announcedNs } = this.#owners;
    while ((createdNs.values[made.owners[made.passed] ?? -1] ?? Infinity) < atNs) made.passed++;
    const owner = made.owners[made.passed];
    if (owner !== undefined) announcedNs.values[owner] = atNs;
  }
}
