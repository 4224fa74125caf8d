import { plural, rowAt } from '@observe/base';
import type { PackageReports, ShownReport } from '@observe/query';
import { NONE } from '@observe/run';
import { useEffect, useState, type ReactNode } from 'react';
import { useApp } from '../../app-context.ts';
import { track } from '../../state/idle.ts';
import { useRunStore } from '../../state/run-store.ts';
import { OutcomeIcon, WarnIcon } from '../../ui/icons.tsx';
import { BucketView } from './BucketView.tsx';
import { RaceView } from './RaceView.tsx';
import './dumps.css';

/** Panics, dumps, fatal errors and races of a package's process; `test`: whose part is told first. */
export function Dumps({ packageRow, test }: { packageRow: number; test: string | undefined }): ReactNode {
  const { reports, error } = useReports(packageRow);
  if (error !== undefined) return <p className="dumps-note tone-lost">{error}</p>;
  if (reports === undefined) return <p className="dumps-note faint">reading …</p>;
  if (reports.reports.length === 0 && reports.marks.length === 0) {
    return (
      <p className="dumps-note faint">This package’s process printed no panic, no goroutine dump and no race report.</p>
    );
  }
  return (
    <div className="dumps scroll" tabIndex={0} role="region" aria-label="Dumps">
      {reports.reports.map((report) => (
        <ReportView key={report.fromSeq} report={report} packageRow={packageRow} test={test} />
      ))}
      {reports.marks.length > 0 && (
        <ul className="dumps-marks">
          {reports.marks.map((mark) => (
            <li key={mark.at}>
              <code>{mark.text}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Asked again when the process has printed more. */
function useReports(packageRow: number): { reports: PackageReports | undefined; error: string | undefined } {
  const { source } = useApp();
  const runId = useRunStore((s) => s.runId);
  const name = useRunStore((s) => (s.run === undefined ? undefined : rowAt(s.run.packages, packageRow)?.name));
  const size = useRunStore((s) =>
    s.run === undefined ? 0 : (rowAt(s.run.packages, packageRow)?.processOutput.chars ?? 0),
  );
  const [answer, setAnswer] = useState<{ reports: PackageReports | undefined; error: string | undefined }>({
    reports: undefined,
    error: undefined,
  });
  useEffect(() => {
    if (runId === undefined || name === undefined) return undefined;
    const abort = new AbortController();
    track(source.reports(runId, packageRow, name, abort.signal)).then(
      (reports) => !abort.signal.aborted && setAnswer({ reports, error: undefined }),
      (error: unknown) =>
        !abort.signal.aborted &&
        setAnswer({ reports: undefined, error: error instanceof Error ? error.message : String(error) }),
    );
    return () => abort.abort();
  }, [source, runId, packageRow, name, size]);
  return answer;
}

const KIND_WORDS: Readonly<Record<ShownReport['kind'], string>> = {
  panic: 'panic',
  fatal: 'fatal error',
  signal: 'signal',
  race: 'data race',
  dump: 'goroutine dump',
};

function ReportView({
  report,
  packageRow,
  test,
}: {
  report: ShownReport;
  packageRow: number;
  test: string | undefined;
}): ReactNode {
  const { kind, timeout, culprit, buckets } = report;
  const [firstLine = '', ...furtherLines] = report.message.split('\n');
  const isMine = (bucket: (typeof buckets)[number]): boolean =>
    bucket.owners.some((owner) => concerns(owner.test, test));
  const telling = buckets.filter((bucket) => bucket.noise === undefined && bucket.testingWait === undefined);
  const quiet = buckets.filter((bucket) => !telling.includes(bucket));
  const ordered = [...telling.filter(isMine), ...telling.filter((bucket) => !isMine(bucket))];
  return (
    <section className={`report of-${kind}`}>
      <h3>
        {kind === 'race' ? <WarnIcon /> : <OutcomeIcon outcome="fail" />}
        <span className="report-kind">{KIND_WORDS[kind]}</span>
        {kind !== 'race' && kind !== 'dump' && <code>{firstLine}</code>}
      </h3>
      {timeout === undefined && furtherLines.length > 0 && (
        <pre className="report-text scroll">{furtherLines.join('\n')}</pre>
      )}
      <Blame report={report} packageRow={packageRow} />
      {timeout?.running !== undefined && timeout.running.length > 0 && (
        <p>
          Running when the alarm rang, as Go lists them:{' '}
          {timeout.running.map(({ test: name, elapsedText }, i) => (
            <span key={name}>
              {i > 0 && ', '}
              <b className={concerns(name, test) ? 'is-mine' : undefined}>{name}</b>{' '}
              <span className="faint">{elapsedText}</span>
            </span>
          ))}
          <span className="faint">. Tests that wait in t.Parallel are not listed.</span>
        </p>
      )}
      {report.race !== undefined && <RaceView race={report.race} />}
      {ordered.length > 0 && (
        <ul className="buckets">
          {ordered.map((bucket) => (
            <BucketView
              key={bucket.goids[0]}
              bucket={bucket}
              isMine={isMine(bucket)}
              isOpen={kind === 'panic' && culprit !== undefined && bucket === buckets[0]}
            />
          ))}
        </ul>
      )}
      {quiet.length > 0 && (
        <details>
          <summary>
            {plural(
              quiet.reduce((sum, bucket) => sum + bucket.goids.length, 0),
              'goroutine',
            )}{' '}
            of testing and the runtime
          </summary>
          <ul className="buckets">
            {quiet.map((bucket) => (
              <BucketView key={bucket.goids[0]} bucket={bucket} isMine={false} isOpen={false} />
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>As it was printed{report.isTruncated ? ' (its beginning: it is too long)' : ''}</summary>
        <pre className="report-text scroll">{report.text}</pre>
      </details>
    </section>
  );
}

/** Who did it, and who only happened to be named. */
function Blame({ report: { culprit, kind }, packageRow }: { report: ShownReport; packageRow: number }): ReactNode {
  const pinnedOn = useRunStore((s) => {
    if (s.run === undefined) return undefined;
    const crash = rowAt(s.run.packages, packageRow)?.crash;
    return rowAt(s.run.tests, crash?.pinnedOn ?? NONE)?.name;
  });
  if (kind !== 'panic' && kind !== 'fatal') return null;
  const isVictim = culprit !== undefined && pinnedOn !== undefined && !concerns(culprit.test, pinnedOn);
  return (
    <p>
      {culprit !== undefined && (
        <>
          The goroutine that died works for <b>{culprit.test}</b>{' '}
          <span className="faint">({BY_WORDS[culprit.by]})</span>.{' '}
        </>
      )}
      {isVictim && (
        <>
          Go printed it as output of <b>{pinnedOn}</b>, which only happened to run.
        </>
      )}
      {culprit === undefined && pinnedOn !== undefined && (
        <span className="muted">Go printed it as output of {pinnedOn}; that says only which test printed last.</span>
      )}
    </p>
  );
}

const BY_WORDS = {
  label: 'its profiler label says so',
  message: 'testing says so',
  frame: 'that test’s function is on its stack',
  creator: 'it was started by that test',
  closure: 'by the name of a function on its stack',
} as const;

/** A dump names top-level tests only, or a subtest in full. */
const concerns = (named: string, test: string | undefined): boolean =>
  test !== undefined && (named === test || test.startsWith(`${named}/`) || named.startsWith(`${test}/`));
