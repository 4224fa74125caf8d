import { formatBytes, formatNs, plural } from '@observe/base';
import type { ShownProcess } from '@observe/protocol';
import type { ReactNode } from 'react';
import type { ShownArtifact } from '../state/artifacts.ts';
import { WarnIcon } from './icons.tsx';

/** Files beside the log: what they are, how large, how well they are tied to the run, and what is wrong with them. */
export function ArtifactList({ artifacts }: { artifacts: readonly ShownArtifact[] }): ReactNode {
  return (
    <ul className="artifacts">
      {artifacts.map(({ facts, process }) => (
        <li key={facts.id}>
          <code>{facts.name}</code> <span className="muted">{kindText(facts)}</span>{' '}
          <span className="muted">{formatBytes(facts.bytes ?? process?.bytes)}</span>
          {facts.state === 'growing' && <span className="tone-running"> growing</span>}
          {process !== undefined && <TraceFacts process={process} />}
          <Wrong words={process?.why ?? facts.why} />
          {process?.faults.map((fault) => (
            <Wrong key={`${fault.offset} ${fault.kind}`} words={`at byte ${fault.offset}: ${fault.message}`} />
          ))}
        </li>
      ))}
    </ul>
  );
}

const FORMAT_WORDS: Readonly<Record<ShownArtifact['facts']['format'], string>> = {
  trace: 'execution trace',
  pprof: 'profile',
  coverage: 'coverage profile',
  dump: 'goroutine dump',
  unknown: 'of unknown format',
};

const kindText = ({ format, label }: ShownArtifact['facts']): string =>
  label === undefined ? FORMAT_WORDS[format] : `${label} ${FORMAT_WORDS[format]}`;

function TraceFacts({ process }: { process: ShownProcess }): ReactNode {
  const { clock, goroutines, maxAlive, generations, version, placedBy, pairedTests, unpairedTests } = process;
  const isBehind = process.isGrowing && process.readBytes < process.bytes;
  return (
    <p className="muted">
      {version !== null && `In the format of Go 1.${version}: `}
      {plural(generations, 'generation')}, {plural(goroutines, 'goroutine')}, {maxAlive.toLocaleString('en-US')} at most
      at once. {clockText(clock)} {testsText(pairedTests, unpairedTests)}
      {placedBy === 'content' && ' Its package was told by the test functions in it.'}
      {isBehind && ` Read so far: ${formatBytes(process.readBytes)}.`}
    </p>
  );
}

/** How a trace is tied to the run's clock, and how well. */
export function clockText({ quality, errorNs }: ShownProcess['clock']): string {
  const within = errorNs === null ? '' : `, ± ${formatNs(errorNs)}`;
  switch (quality) {
    case 'snapshot':
      return `Its clock is exact by its own word${within}.`;
    case 'monotonic':
      return `Its clock is tied to the run’s by the machine’s own${within}.`;
    case 'paired':
      return `Its clock is tied to the run’s by the beginnings of its tests${within}.`;
    case 'unknown':
      return 'Its clock could not be tied to the run’s: it is not on the timeline.';
  }
}

function testsText(paired: number, unpaired: number): string {
  if (paired + unpaired === 0) return '';
  return unpaired === 0
    ? `${plural(paired, 'test')} found in it.`
    : `${plural(paired, 'test')} found in it, ${unpaired} that the stream does not know.`;
}

const Wrong = ({ words }: { words: string | undefined }): ReactNode =>
  words === undefined ? null : (
    <p className="artifact-fault">
      <WarnIcon />
      {words}
    </p>
  );
