import { BEFORE, NONE } from '@observe/gotrace';
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
  /** By goroutine: an announcement in an earlier segment, after which it has made none. */
  readonly #pending = new Map<number, number>();

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
      if (made !== undefined) {
        made.owners.push(owner);
        continue;
      }
      this.#made.set(creator, { owners: [owner], passed: 0 });
      this.#owners.announcedNs.values[owner] = this.#pending.get(creator) ?? BEFORE;
      this.#pending.delete(creator);
    }
  }

  /** A goroutine wrote something, since `atNs`; its writes come in their order. */
  see(row: number, stack: number, atNs: number): void {
    if (!this.#facts.isAnnouncement(stack)) return;
    const made = this.#made.get(row);
    const { createdNs, announcedNs } = this.#owners;
    while (made !== undefined && (createdNs.values[made.owners[made.passed] ?? NONE] ?? Infinity) < atNs) made.passed++;
    const owner = made?.owners[made.passed];
    if (owner === undefined) this.#pending.set(row, atNs);
    else announcedNs.values[owner] = atNs;
  }
}
