import { gunzipSync } from 'node:zlib';
import { createAssembler, createGoroutineProfileReader, type GoroutineProfile, type Report } from '@observe/gostack';
import { createCoverageReader, type CoverageProfile } from '@observe/gotest';
import { isProfileFault, parseProfile, type Profile } from '@observe/pprof';
import { recordingBytes, recordingText } from '@observe/testkit';

export function readProfile(name: string): Profile {
  const profile = parseProfile(new Uint8Array(gunzipSync(recordingBytes(`${name}.pprof`))));
  if (isProfileFault(profile)) throw new Error(`${name}: ${profile.message}`);
  return profile;
}

export function readReport(text: string): Report {
  const assembler = createAssembler();
  for (const [at, line] of text.split('\n').entries()) assembler.push(line, at);
  return assembler.end();
}

export function readGoroutineProfile(name: string): GoroutineProfile {
  const reader = createGoroutineProfileReader();
  for (const line of recordingText(name).split('\n')) reader.push(line);
  const profile = reader.end();
  if (profile === undefined) throw new Error(`${name} has no head`);
  return profile;
}

export function readCoverage(text: string): CoverageProfile {
  const reader = createCoverageReader();
  for (const line of text.split('\n')) reader.push(line);
  return reader.end();
}
