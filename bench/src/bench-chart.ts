import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { median, quantile } from './measure.ts';
import { OBSERVE, openHome, pageOfLast, type Home } from './observed.ts';
import { peakBytesOf } from './peak-memory.ts';
import { megabytes, milliseconds, type Row } from './report.ts';

const SECONDS = 12;
const TEST = `package chart
import ("testing"; "time")
func TestBusy(t *testing.T) {
	for range 50 { go func() { for { time.Sleep(3 * time.Millisecond) } }() }
	time.Sleep(${SECONDS} * time.Second)
}
`;

/** A generation of a trace is on disk; when are the charts of the page painted with it? The file is looked at every 2 ms, the page in every frame. */
export async function benchChart(chromiumPath: string): Promise<Row[]> {
  const home = await openHome();
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  const dir = mkdtempSync(join(tmpdir(), 'observe-chart-'));
  writeFileSync(join(dir, 'go.mod'), 'module example.com/chart\n\ngo 1.22\n');
  writeFileSync(join(dir, 'chart_test.go'), TEST);
  try {
    spawnSync('go', ['test', '-c', '-o', '/dev/null', '.'], { cwd: dir }); // built before
    const run = spawn(process.execPath, [OBSERVE, 'test', '.'], { cwd: dir, env: home.env, stdio: 'ignore' });
    const ended = new Promise((resolve) => run.on('exit', resolve));
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, bypassCSP: true });
    await page.goto(await pageOfLast(home.env));
    const legend = page.locator('[data-value="when"]');
    await legend.filter({ hasText: 'the latest known' }).waitFor({ timeout: 20_000 });
    // How far behind now the charts are: it grows with time, and falls when a generation is painted.
    await page.evaluate(`
      window.painted = [];
      let before = Infinity;
      (function look() {
        const [, count, unit] = /([\\d.]+) ?(ms|s) ago/.exec(document.querySelector('[data-value="when"]')?.textContent ?? '') ?? [];
        const behindMs = Number(count) * (unit === 's' ? 1000 : 1);
        if (behindMs < before - 300) window.painted.push(performance.timeOrigin + performance.now());
        if (!Number.isNaN(behindMs)) before = behindMs;
        requestAnimationFrame(look);
      })()`);
    const grown: number[] = [];
    const watch = watchGrowth(join(home.env.OBSERVE_HOME ?? '', 'spool'), grown);
    await ended;
    clearInterval(watch);
    const painted = await page.evaluate<number[]>('window.painted');
    // A file grows within a generation, too: what was painted is the last growth before it.
    const delays = painted.flatMap((at) => {
      const growth = grown.findLast((moment) => moment < at);
      return growth === undefined ? [] : [at - growth];
    });
    const most = Math.max(...delays);
    return [
      {
        what: `a generation on disk → painted in the charts, ${delays.length} generations`,
        value: `median ${milliseconds(median(delays))}, p95 ${milliseconds(quantile(delays, 0.95))}, most ${milliseconds(most)}`,
        goal: '≤ 500 ms',
        isMet: most <= 500,
      },
    ];
  } finally {
    await browser.close();
    home.close();
  }
}

/** Notes when the trace that the run's spool holds has grown and stands: a generation comes in several writes. */
function watchGrowth(spool: string, grown: number[]): NodeJS.Timeout {
  let size = 0;
  let path: string | undefined;
  return setInterval(() => {
    try {
      path ??= readdirSync(spool, { recursive: true })
        .map((name) => join(spool, String(name)))
        .find((name) => /artifacts\/trace-\d+$/.test(name));
      const now = path === undefined ? 0 : statSync(path).size;
      const at = performance.timeOrigin + performance.now();
      if (now <= size) return;
      const last = grown.at(-1);
      if (last !== undefined && at - last < 100) grown[grown.length - 1] = at;
      else grown.push(at);
      size = now;
    } catch {
      // not there yet, or not any more
    }
  }, 2);
}

/** A large trace is written beside a run: what the collector needs to read it. */
export async function benchTraceMemory(trace: string): Promise<Row[]> {
  const home = await openHome();
  const dir = mkdtempSync(join(tmpdir(), 'observe-beside-'));
  try {
    const startMs = performance.now();
    const pipe = spawn(process.execPath, [OBSERVE, '--artifacts', dir], {
      env: home.env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => pipe.on('exit', resolve));
    pipe.stdin.write('{"Action":"start","Package":"example.com/large"}\n');
    await pageOfLast(home.env);
    copyFileSync(trace, join(dir, 'large.trace'));
    pipe.stdin.end('{"Action":"pass","Package":"example.com/large"}\n');
    await ended;
    const sentMs = performance.now() - startMs;
    const read = await readBytesOf(home);
    const peak = peakBytesOf(home.collectorPid) ?? NaN;
    return [
      { what: 'trace', value: megabytes(statSync(trace).size) },
      { what: 'to be sent and kept', value: `${(sentMs / 1000).toFixed(1)} s` },
      { what: '… and read', value: `${((performance.now() - startMs) / 1000).toFixed(1)} s, ${megabytes(read)}` },
      {
        what: 'peak memory of the collector',
        value: megabytes(peak),
        goal: '≤ 1.2 GB for 300 MB',
        isMet: peak <= 1.2e9,
      },
    ];
  } finally {
    home.close();
  }
}

/** Bytes of the run's trace that were read, once all are. */
async function readBytesOf({ env }: Home): Promise<number> {
  const file = JSON.parse(readFileSync(join(env.OBSERVE_HOME ?? '', 'collector.json'), 'utf8')) as {
    port: number;
    token: string;
  };
  const answer = await fetch(`http://127.0.0.1:${file.port}/api/runs/last/processes`, {
    headers: { authorization: `Bearer ${file.token}` },
  });
  const { processes } = (await answer.json()) as { processes: { readBytes: number }[] };
  return processes[0]?.readBytes ?? 0;
}
