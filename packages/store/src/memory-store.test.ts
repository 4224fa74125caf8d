import { createMemoryStore, type MemoryStoreOptions } from './memory-store.ts';
import { storeContract } from './store-contract.ts';

const everyNth = (n: number): (() => boolean) => {
  let calls = 0;
  return () => ++calls % n === 0;
};

const network = (): MemoryStoreOptions => ({
  latency: () => new Promise((resolve) => setImmediate(resolve)),
  isRedelivered: everyNth(2),
  isAnswerLost: everyNth(3),
});

for (const [name, options] of [
  ['the memory store', () => ({})],
  ['a memory store behind a bad network', network],
] as const) {
  storeContract(name, async () => {
    const { store, kill } = createMemoryStore(options());
    return { store, kill, dispose: () => store.close() };
  });
}
