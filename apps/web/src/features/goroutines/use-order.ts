import { useState } from 'react';
import { inOrder } from './describe.ts';

/** The items in the order in which they came into sight: what changes does not move while one reads. */
export function useOrder<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const [known, setKnown] = useState<readonly string[]>([]);
  const ordered = inOrder(items, keyOf, known);
  const keys = ordered.map(keyOf);
  if (keys.length !== known.length || keys.some((key, i) => key !== known[i])) setKnown(keys);
  return ordered;
}
