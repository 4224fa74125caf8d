import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecord } from './capture-record.ts';

const record = (said: Readonly<Record<string, string>> = {}): string => {
  const values = {
    pid: '7',
    parent: '6',
    stdout: 'pipe:[5]',
    directory: '/m/orders',
    binary: '/tmp/go-build1/b001/orders.test',
    outputdir: '',
    trace: '/h/capture/7.trace',
    cpu: '',
    mem: '',
    block: '',
    mutex: '',
    ...said,
  };
  return ['observe capture 1', ...Object.entries(values).map(([key, value]) => `${key}=${value}`), 'end', ''].join(
    '\n',
  );
};

test('reads what the wrapper wrote', () => {
  expect(parseRecord(record())).toEqual({
    pid: 7,
    parent: 6,
    stdout: 'pipe:[5]',
    directory: '/m/orders',
    binary: '/tmp/go-build1/b001/orders.test',
    trace: '/h/capture/7.trace',
    profiles: new Map(),
  });
});

test('a file of the user’s own is where testing puts it: below -outputdir, else below the package', () => {
  expect(parseRecord(record({ trace: 't.out', cpu: '/abs/cpu' }))).toMatchObject({
    trace: '/m/orders/t.out',
    profiles: new Map([['cpu', '/abs/cpu']]),
  });
  expect(parseRecord(record({ trace: 't.out', outputdir: '/out' }))?.trace).toBe('/out/t.out');
  expect(parseRecord(record({ trace: 't.out', outputdir: 'out' }))?.trace).toBe('/m/orders/out/t.out');
  expect(parseRecord(record({ trace: '' }))?.trace).toBeUndefined();
});

test('one that is torn, forged or not ours is none', () => {
  const whole = record();
  for (let end = 0; end < whole.length; end++) expect(parseRecord(whole.slice(0, end))).toBeUndefined();
  for (const said of [
    { pid: '0' },
    { pid: '-1' },
    { pid: '7 ' },
    { pid: '99999999999' },
    { parent: '' },
    { directory: 'orders' },
    { directory: '/a\nb' },
    { more: 'x' },
  ]) {
    expect(parseRecord(record(said))).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (text) => parseRecord(text) === undefined));
});
