import { EVENT_SPECS } from '../src/index.ts';

const TYPES = new Map([...EVENT_SPECS.values()].map((spec) => [spec.name, spec.type]));
/** What follows an event that is structural; of the others the spec tells. */
const STRUCTURAL: Readonly<Record<string, readonly string[]>> = {
  String: ['id'],
  Stack: ['id', 'nframes'],
  CPUSample: ['time', 'm', 'p', 'g', 'stack'],
  Frequency: ['freq'],
  ClockSnapshot: ['dt', 'mono', 'sec', 'nsec'],
};
const BATCHES = ['EventBatch', 'ExperimentalBatch'];

/**
 * A trace written by hand, in the text form of Go's own tests (`internal/trace/raw`): an event a line, `name argument=value …`;
 * frames and data of strings on lines of their own. Batches need no `size`; an event's `dt` is 1 where it is not given.
 */
export function traceFromText(text: string): Uint8Array {
  const bytes: number[] = [];
  let batch: number[] | undefined;
  let head: number[] = [];
  const flush = (): void => {
    if (batch !== undefined) bytes.push(...head, ...varint(BigInt(batch.length)), ...batch);
    batch = undefined;
  };
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [name = '', ...words] = line.split(/\s+/);
    const data = /^data="(.*)"$/.exec(line)?.[1];
    const args = new Map(words.concat(name).map((word) => word.split('=') as [string, string]));
    const value = (key: string, otherwise = '0'): number[] => varint(BigInt(args.get(key) ?? otherwise));
    if (name === 'Trace') {
      bytes.push(...new TextEncoder().encode(`go ${(words[0] ?? '').replace('Go', '')} trace`));
      while (bytes.length < 16) bytes.push(0);
    } else if (BATCHES.includes(name)) {
      flush();
      const experiment = name === 'ExperimentalBatch' ? [Number(args.get('experiment') ?? 1)] : [];
      head = [TYPES.get(name) ?? 0, ...experiment, ...value('gen'), ...value('m'), ...value('time')];
      batch = [];
    } else if (name === 'EndOfGeneration') {
      flush();
      bytes.push(52);
    } else if (data !== undefined) {
      const encoded = new TextEncoder().encode(data);
      batch?.push(...varint(BigInt(encoded.length)), ...encoded);
    } else if (name.startsWith('pc=')) {
      for (const key of ['pc', 'func', 'file', 'line']) batch?.push(...value(key));
    } else if (name.startsWith('byte=')) batch?.push(Number(name.slice(5)));
    else {
      const type = TYPES.get(name);
      if (type === undefined) throw new Error(`no event ${name}`);
      const timed = EVENT_SPECS.get(type)?.args;
      batch?.push(type, ...(timed ? value('dt', '1') : []));
      for (const key of timed ?? STRUCTURAL[name] ?? []) batch?.push(...value(key));
    }
  }
  flush();
  return Uint8Array.from(bytes);
}

/** A generation that has no more than it must: events, and the tables after them. */
export const generation = (gen: number, events: string, tables = ''): string => `
  ${events}
  EventBatch gen=${gen} m=18446744073709551615 time=0
  Frequency freq=1000000000
  EventBatch gen=${gen} m=18446744073709551615 time=0
  Stacks
  ${tables.includes('Stack ') ? tables.slice(0, tables.indexOf('String ')) : ''}
  EventBatch gen=${gen} m=18446744073709551615 time=0
  Strings
  ${tables.slice(Math.max(0, tables.indexOf('String ')))}`;

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return bytes;
}
