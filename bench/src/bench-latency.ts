import { spawn } from 'node:child_process';
import { chromium } from '@playwright/test';
import { median, quantile } from './measure.ts';
import { OBSERVE, openHome, pageOfLast } from './observed.ts';
import { milliseconds, type Row } from './report.ts';

const TESTS = 200;
const EVERY_MS = 50;

/** A line is written to the pipe; when does the page say it? The header's count of tests is looked at in every frame. */
export async function benchLatency(chromiumPath: string): Promise<Row[]> {
  const home = await openHome();
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const pipe = spawn(process.execPath, [OBSERVE, '--collector=auto'], {
      env: home.env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const write = (event: object): void =>
      void pipe.stdin.write(
        JSON.stringify({ Time: new Date().toISOString(), ...event, Package: 'example.com/latency' }) + '\n',
      );
    write({ Action: 'start' });
    write({ Action: 'run', Test: 'Test0' });
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, bypassCSP: true });
    await page.goto(await pageOfLast(home.env));
    await page.getByText('1 test in').first().waitFor();
    await page.evaluate(`
      window.seen = [];
      (function look() {
        const count = Number((/([\\d,]+) tests? in/.exec(document.body.innerText.slice(0, 400)) ?? [])[1]?.replace(',', ''));
        while (window.seen.length < count) window.seen.push(performance.timeOrigin + performance.now());
        requestAnimationFrame(look);
      })()`);
    const written = [NaN];
    for (let i = 1; i <= TESTS; i++) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS * (0.5 + ((i * 37) % 100) / 100)));
      written.push(performance.timeOrigin + performance.now());
      write({ Action: 'run', Test: 'Test' + String(i) });
    }
    await page.waitForFunction(`window.seen.length > ${TESTS}`);
    const seen = await page.evaluate<number[]>('window.seen');
    pipe.stdin.end();
    const delays = seen.slice(1).map((at, i) => at - (written[i + 1] ?? NaN));
    const p95 = quantile(delays, 0.95);
    return [
      {
        what: `a line printed → in the page, ${TESTS} lines`,
        value: `median ${milliseconds(median(delays))}, p95 ${milliseconds(p95)}, longest ${milliseconds(Math.max(...delays))}`,
        goal: 'p95 ≤ 150 ms',
        isMet: p95 <= 150,
      },
    ];
  } finally {
    await browser.close();
    home.close();
  }
}
