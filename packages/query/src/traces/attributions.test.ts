import { iterateRows } from '@observe/base';
import type { OutputLine } from '@observe/protocol';
import { reduceRun, type RunState } from '@observe/run';
import { foldText, logOf, recordingBytes, recordingText, recordsOf } from '@observe/testkit';
import { expect, test } from 'vitest';
import type { LogSource } from '../log-source.ts';
import { createOutputReader } from '../output.ts';
import { Attributions } from './attributions.ts';
import { createRunTraces, type RunTraces } from './run-traces.ts';

interface Printed {
  readonly run: RunState;
  readonly log: LogSource;
  readonly traces: RunTraces;
}

function printed(stream: string, trace: string): Printed {
  const text = recordingText(stream);
  const folded = foldText(text);
  const artifact = { id: 'trace-1', name: trace, format: 'trace', state: 'whole' } as const;
  const run = reduceRun(folded, [{ kind: 'artifact', seq: folded.seq + 1, monoNs: 0, artifact }]);
  const traces = createRunTraces();
  traces.setRun(run);
  traces.push('trace-1', new Uint8Array(recordingBytes(trace)));
  traces.end('trace-1');
  return { run, log: logOf(recordsOf(text, 'eof', 13)), traces };
}

async function linesOf({ run, log, traces }: Printed, name: string, limit = 1000): Promise<readonly OutputLine[]> {
  const of = { kind: 'test', row: [...iterateRows(run.tests)].find((one) => one.name === name)?.row ?? -1 } as const;
  const source = {
    log,
    version: traces.version,
    printers: (q: Parameters<RunTraces['ask']>[0] & { kind: 'printers' }) => Promise.resolve(traces.ask(q)),
  };
  const attribution = await new Attributions().of(run, of, source, 0);
  const reader = createOutputReader(log);
  const lines: OutputLine[] = [];
  for (;;) {
    const page = await reader.read(run, of, { from: lines.length, limit }, attribution);
    lines.push(...page.lines);
    if (page.lines.length === 0 || lines.length >= page.total) return lines;
  }
}

const isAudit = ({ text }: OutputLine): boolean => text.startsWith('audit line');

test.each(['1.22', '1.23', '1.24', '1.25', '1.26', '1.27'])(
  'Go %s: the audit log is given back to the test whose goroutine wrote it, and marked where go test puts it',
  async (version) => {
    const payments = printed(`shop/go${version}/run.jsonl`, `shop/go${version}/payments.trace`);
    const own = (await linesOf(payments, 'TestAuditLogKeepsPrinting')).filter(isAudit);
    expect(own.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `audit line ${i}`));
    expect(new Set(own.map(({ grade }) => grade))).toEqual(new Set(['certain']));
    const elsewhere = [...(await linesOf(payments, 'TestLedger')), ...(await linesOf(payments, 'TestSlowPoll'))].filter(
      isAudit,
    );
    expect(elsewhere).toHaveLength(version === '1.24' ? 19 : 20); // there Go gave one to the package itself
    for (const { printedBy } of [...own, ...elsewhere]) {
      expect(printedBy).toEqual({ test: 'TestAuditLogKeepsPrinting', occurrence: 1 });
    }
  },
);

test('pages of any size have the lines that were given back, in the order in which they were printed', async () => {
  const payments = printed('shop/go1.27/run.jsonl', 'shop/go1.27/payments.trace');
  const whole = await linesOf(payments, 'TestAuditLogKeepsPrinting');
  expect(await linesOf(payments, 'TestAuditLogKeepsPrinting', 3)).toEqual(whole);
});

test('without a trace the stream’s own word stands', async () => {
  const run = foldText(recordingText('shop/go1.27/run.jsonl'));
  const log = logOf(recordsOf(recordingText('shop/go1.27/run.jsonl')));
  const row = [...iterateRows(run.tests)].find(({ name }) => name === 'TestLedger')?.row ?? -1;
  const source = { log, version: 0, printers: () => Promise.reject(new Error('not asked')) };
  expect(await new Attributions().of(run, { kind: 'test', row }, source, 0)).toBeUndefined();
});
