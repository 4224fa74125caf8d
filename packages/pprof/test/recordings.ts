import { gunzipSync } from 'node:zlib';
import { recordingBytes, recordingText } from '@observe/testkit';
import { isProfileFault, parseProfile, type Profile } from '../src/index.ts';

const SHOP = ['go1.22', 'go1.27'].flatMap((version) =>
  ['auth', 'inventory', 'orders', 'payments'].flatMap((name) =>
    ['block', 'cpu', 'mem', 'mutex'].map((kind) => `shop/${version}/${name}.${kind}`),
  ),
);
const PROFILES = ['block', 'cpu', 'goroutine', 'goroutineleak', 'heap', 'threadcreate'];

export const RECORDED: readonly string[] = [...SHOP, ...PROFILES.map((kind) => `profiles/go1.26/${kind}`)];

export const profileBytes = (name: string): Uint8Array => new Uint8Array(gunzipSync(recordingBytes(`${name}.pprof`)));

export function readProfile(name: string): Profile {
  const profile = parseProfile(profileBytes(name));
  if (isProfileFault(profile)) throw new Error(`${name}: ${profile.message}`);
  return profile;
}

/** What `go tool pprof -top` says: for each sample type, `flat cum function`. See the recordings' README. */
export function readOracle(name: string): Readonly<Record<string, readonly string[]>> {
  const slash = name.lastIndexOf('/');
  const told = JSON.parse(recordingText(`${name.slice(0, slash)}/pprof.oracle.json`)) as Readonly<
    Record<string, Readonly<Record<string, readonly string[]>>>
  >;
  const own = told[`${name.slice(slash + 1)}.pprof`];
  if (own === undefined) throw new Error(`${name} has no oracle`);
  return own;
}
