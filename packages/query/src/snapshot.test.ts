import { FORMAT, type RunSummary } from '@observe/protocol';
import { foldText, recordingText } from '@observe/testkit';
import { summaryOf } from '@observe/run';
import { expect, test } from 'vitest';
import { readSnapshotManifest, SNAPSHOT_SLOT, snapshotHtml, type SnapshotChunk } from './snapshot.ts';

const PAGE = `<!doctype html><body><div id="root"></div>${SNAPSHOT_SLOT}</body>`;
const wall = '2026-11-23T07:00:00Z';
const summaryNamed = (name: string): RunSummary =>
  summaryOf(foldText(recordingText('streams/parallel.jsonl')), { id: '20261123-070000-abcd', bytes: 1, wall, name });
const CHUNKS: SnapshotChunk[] = [
  { base64: 'aGVsbG8=', bytes: 5, packed: 6 },
  { base64: 'd29ybGQ=', bytes: 7, packed: 8 },
];

async function htmlOf(name: string): Promise<string> {
  let html = '';
  for await (const part of snapshotHtml(PAGE, summaryNamed(name), CHUNKS)) html += part;
  return html;
}

const manifestIn = (html: string): string | undefined => /id="observe-snapshot">(.*?)<\/script>/.exec(html)?.[1];

test('carries the pieces in order and then says what they are', async () => {
  const html = await htmlOf('shop');
  expect(html.indexOf('aGVsbG8=')).toBeLessThan(html.indexOf('d29ybGQ='));
  const manifest = readSnapshotManifest(manifestIn(html));
  expect(manifest).toMatchObject({
    format: FORMAT,
    chunks: [
      { bytes: 5, packed: 6 },
      { bytes: 7, packed: 8 },
    ],
  });
  expect(html.endsWith('</body>')).toBe(true);
});

test('the same run gives the same bytes', async () => {
  expect(await htmlOf('shop')).toBe(await htmlOf('shop'));
});

test('a name cannot leave its script', async () => {
  const evil = '</script><script>alert(1)</script><!--';
  const html = await htmlOf(evil);
  expect(html).not.toContain('<script>alert');
  expect(readSnapshotManifest(manifestIn(html))).toMatchObject({ summary: { name: evil } });
});

test('a page without a slot is a bug of its build', async () => {
  await expect(snapshotHtml('<body></body>', summaryNamed('x'), []).next()).rejects.toThrow('observe-snapshot');
});

test('refuses what is newer, and what is damaged, in words', () => {
  expect(readSnapshotManifest(undefined)).toMatchObject({ kind: 'no-snapshot' });
  expect(readSnapshotManifest(`{"format":${FORMAT + 1}}`)).toMatchObject({ kind: 'newer-format' });
  for (const text of ['', '{', 'null', '[]', '{"format":1}', `{"format":1,"summary":{},"chunks":[]}`]) {
    expect(readSnapshotManifest(text)).toMatchObject({ kind: 'unreadable' });
  }
});

test('refuses a piece that claims to inflate without a bound', async () => {
  const manifest = JSON.parse(manifestIn(await htmlOf('shop')) ?? '') as Record<string, unknown>;
  manifest.chunks = [{ bytes: 1e12, packed: 10 }];
  expect(readSnapshotManifest(JSON.stringify(manifest))).toMatchObject({ kind: 'unreadable' });
});

test('a snapshot of format 1, which had no artifacts, is read', async () => {
  const manifest = JSON.parse(manifestIn(await htmlOf('shop')) ?? '') as Record<string, unknown>;
  expect(readSnapshotManifest(JSON.stringify({ ...manifest, format: 1 }))).toMatchObject({
    format: 1,
    chunks: [{}, {}],
  });
});

test('pieces of artifacts are told apart from those of the log, and a name that is none is refused', async () => {
  let html = '';
  const chunks = [...CHUNKS, { artifact: 'trace-7', base64: 'eA==', bytes: 3, packed: 1 }];
  for await (const part of snapshotHtml(PAGE, summaryNamed('shop'), chunks)) html += part;
  expect(readSnapshotManifest(manifestIn(html))).toMatchObject({ chunks: [{}, {}, { artifact: 'trace-7', bytes: 3 }] });
  const forged = (manifestIn(html) ?? '').replace('trace-7', '../x');
  expect(readSnapshotManifest(forged)).toMatchObject({ kind: 'unreadable' });
});
