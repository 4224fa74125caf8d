import { nsSince } from '@observe/base';
import { framesOf, totalsOf, type Profile } from '@observe/pprof';
import { expect, test } from 'vitest';
import { readProfile } from '../../test/artifacts.ts';
import { ownersOfProfile, valuesByTest } from './profile-tests.ts';
import { spanOfProfile } from './profile-time.ts';

/** `test by` → value of one sample type; `rest`: nobody's. */
function shares(profile: Profile, type: number): Record<string, number> {
  const owners = ownersOfProfile(profile);
  const { values, rest } = valuesByTest(profile, type, owners);
  const named = owners.tests.map(({ test: name, by }, row) => [`${name} ${by}`, values[row]]);
  return Object.fromEntries([...named, ['rest', rest]]) as Record<string, number>;
}

test('CPU: a label tells the test of a goroutine and of its children; without one, frames do', () => {
  const profile = readProfile('profiles/go1.26/cpu');
  const { rest = 0, ...tests } = shares(profile, 1);
  expect(Object.keys(tests).sort()).toEqual(
    [
      'TestLabelled label',
      'TestPlain closure',
      'TestPlain frame',
      ...Object.keys(tests).filter((t) => t.startsWith('TestWrite')),
    ].sort(),
  );
  expect(rest + Object.values(tests).reduce((sum, value) => sum + value, 0)).toBe(totalsOf(profile)[1]);
  // Two goroutines of each spin for 200 ms at 100 samples a second.
  for (const name of ['TestLabelled label', 'TestPlain frame']) expect(tests[name]).toBeGreaterThan(50e6);
});

test.each(['go1.22', 'go1.27'])('shop, %s: who waits for the mutex, and who holds it', (version) => {
  const block = shares(readProfile(`shop/${version}/payments.block`), 1);
  const mutex = shares(readProfile(`shop/${version}/payments.mutex`), 1);
  for (const share of [block, mutex]) {
    expect(Object.keys(share)).toEqual(
      expect.arrayContaining(['TestChargeVisa frame', 'TestChargeMastercard frame', 'TestChargeAmex frame']),
    );
  }
  expect(mutex['rest']).toBeLessThan((mutex['TestChargeVisa frame'] ?? 0) / 10);
});

test('samples with no test on their stack are nobody’s', () => {
  const profile = readProfile('shop/go1.27/payments.block');
  const { owner } = ownersOfProfile(profile);
  for (const [i, row] of owner.entries()) {
    const frames = framesOf(profile, profile.samples.stack[i] ?? -1);
    expect(row === -1).toBe(!frames.some(({ file }) => file.endsWith('payments_test.go')));
  }
});

test('a CPU profile has a span, all others a moment', () => {
  const cpu = spanOfProfile(readProfile('shop/go1.22/auth.cpu'));
  const block = spanOfProfile(readProfile('shop/go1.22/auth.block'));
  expect(block?.from).toEqual(block?.to);
  if (cpu === undefined || block === undefined) throw new Error('no time');
  expect(nsSince(cpu.from, cpu.to)).toBe(readProfile('shop/go1.22/auth.cpu').durationNs);
  expect(nsSince(cpu.to, block.from)).toBeGreaterThanOrEqual(0);
  expect(nsSince(cpu.to, block.from)).toBeLessThan(1e9);
  expect(spanOfProfile({ ...readProfile('shop/go1.22/auth.cpu'), timeNanos: undefined })).toBeUndefined();
  expect(spanOfProfile({ ...readProfile('shop/go1.22/auth.cpu'), timeNanos: -1n })?.from).toEqual({
    s: -1,
    ns: 999_999_999,
    zoneMin: 0,
  });
});
