import { iterateRows, nsSince, plural } from '@observe/base';
import { createAssembler, createGoroutineProfileReader } from '@observe/gostack';
import { createCoverageReader, percentOf, summarizeCoverage } from '@observe/gotest';
import { isProfileFault, parseProfile, totalsOf, type Profile } from '@observe/pprof';
import type { ArtifactFacts } from '@observe/protocol';
import {
  packageOfCoverage,
  packageOfGoroutineProfile,
  packageOfProfile,
  packageOfReport,
  spanOfProfile,
  type Placement,
  type RunState,
} from '@observe/run';

/** What a profile, a coverage profile or a dump holds, in short. Times are of the run. */
export interface ArtifactDescription {
  readonly label: string | undefined;
  /** Import path; undefined: not placed. */
  readonly package: string | undefined;
  readonly placedBy: string | undefined;
  readonly fromNs: number | undefined;
  readonly toNs: number | undefined;
  readonly words: string | undefined;
  /** What is wrong with it, or why it is not placed. */
  readonly note: string | undefined;
}

const NOTHING: ArtifactDescription = {
  label: undefined,
  package: undefined,
  placedBy: undefined,
  fromNs: undefined,
  toNs: undefined,
  words: undefined,
  note: undefined,
};

/** `bytes`: all of the artifact, unpacked. Bad bytes are told in `note`. */
export function describeArtifact(run: RunState, artifact: ArtifactFacts, bytes: Uint8Array): ArtifactDescription {
  const described = describe(run, artifact, bytes);
  const label = artifact.label ?? described.label;
  return artifact.package === undefined
    ? { ...described, label }
    : {
        ...described,
        label,
        package: artifact.package,
        placedBy: 'capture',
        note: described.placedBy === undefined ? undefined : described.note,
      };
}

function describe(run: RunState, { format }: ArtifactFacts, bytes: Uint8Array): ArtifactDescription {
  switch (format) {
    case 'pprof':
      return ofProfile(run, parseProfile(bytes));
    case 'coverage':
      return ofCoverage(bytes);
    case 'dump':
      return ofDump(bytes);
    default:
      return NOTHING;
  }
}

function ofProfile(run: RunState, profile: ReturnType<typeof parseProfile>): ArtifactDescription {
  if (isProfileFault(profile)) return { ...NOTHING, note: profile.message };
  const span = spanOfProfile(profile);
  const { origin } = run;
  const known = [...iterateRows(run.packages)].map(({ name }) => name);
  return {
    ...placed(packageOfProfile(profile, known)),
    label: profile.kind,
    fromNs: span === undefined || origin === undefined ? undefined : nsSince(origin, span.from),
    toNs: span === undefined || origin === undefined ? undefined : nsSince(origin, span.to),
    words: profileWords(profile),
  };
}

function profileWords(profile: Profile): string {
  const { length } = profile.samples;
  const type = profile.sampleTypes[profile.defaultType];
  const total = totalsOf(profile)[profile.defaultType];
  return `${plural(length, 'sample')}${type === undefined || total === undefined ? '' : `, ${total.toLocaleString('en-US')} ${type.unit} of ${type.type}`}`;
}

function ofCoverage(bytes: Uint8Array): ArtifactDescription {
  const reader = createCoverageReader();
  for (const line of linesOf(bytes)) reader.push(line);
  const profile = reader.end();
  const { total } = summarizeCoverage(profile);
  const [fault] = profile.faults;
  const percent = percentOf(total);
  const place = placed(packageOfCoverage(profile));
  return {
    ...place,
    label: profile.mode,
    words:
      percent === undefined ? 'no statements' : `${percent.toFixed(1)}% of ${plural(total.statements, 'statement')}`,
    note: fault === undefined ? place.note : `line ${fault.line}: ${fault.message}`,
  };
}

function ofDump(bytes: Uint8Array): ArtifactDescription {
  const [profile, assembler] = [createGoroutineProfileReader(), createAssembler()];
  linesOf(bytes).forEach((line, at) => {
    profile.push(line);
    assembler.push(line, at);
  });
  const counted = profile.end();
  if (counted !== undefined) {
    const words = plural(counted.total, 'goroutine');
    return { ...placed(packageOfGoroutineProfile(counted)), label: counted.name, words };
  }
  const report = assembler.end();
  const goroutines = report.blocks.reduce(
    (sum, block) => sum + (block.kind === 'race' ? 0 : block.dump.goroutines.length),
    0,
  );
  return { ...placed(packageOfReport(report)), label: report.blocks[0]?.kind, words: plural(goroutines, 'goroutine') };
}

function placed({ package: of, how, packages }: Placement): ArtifactDescription {
  if (of !== undefined) return { ...NOTHING, package: of, placedBy: how };
  const note =
    how === 'several'
      ? `it is of ${plural(packages.length, 'package')}: ${packages.slice(0, 3).join(', ')}${packages.length > 3 ? ' …' : ''}`
      : 'nothing in it tells which package it is of';
  return { ...NOTHING, note };
}

/** Lines without their newlines. */
function linesOf(bytes: Uint8Array): string[] {
  const text: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) text.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return text
    .join('')
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}
