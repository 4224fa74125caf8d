import { FORMAT, partId, runSummary, type RunSummary } from '@observe/protocol';

/*
 * A snapshot is the page as one HTML file, with a run inside it: its log in pieces, each compressed by itself, so that no
 * string is as long as the run, and a summary.
 *
 *   <script type="application/octet-stream" data-observe-chunk="0">base64 of a gzip member</script>   … one a piece
 *   <script type="application/json" id="observe-snapshot">{"format":1,"summary":…,"chunks":[…]}</script>
 *
 * The pieces, inflated and joined, are `events.jsonl` byte for byte; those with an `artifact` are its bytes instead (format 2). They come first, because their sizes are known only
 * when they have been made; so a snapshot can be written as its log is read. The same log gives the same bytes.
 */

/** Bytes of the log in a piece, but for the last one. Enough to compress well, little enough to inflate at once. */
export const SNAPSHOT_CHUNK_BYTES = 4 * 1024 * 1024;

/** Where the run goes: the page's build leaves this comment at the end of its body. */
export const SNAPSHOT_SLOT = '<!--observe-snapshot-->';
export const SNAPSHOT_CHUNK_ATTRIBUTE = 'data-observe-chunk';
export const SNAPSHOT_MANIFEST_ID = 'observe-snapshot';

/** A piece of the log, or of an artifact. `base64`: of a gzip member of `bytes` bytes, `packed` bytes long. */
export interface SnapshotChunk {
  /** Id of the artifact it is of; absent: of the log. */
  readonly artifact?: string;
  readonly base64: string;
  readonly bytes: number;
  readonly packed: number;
}

/** What a page knows of the run in it before it has inflated anything. */
export interface SnapshotManifest {
  readonly format: number;
  readonly summary: RunSummary;
  readonly chunks: readonly Pick<SnapshotChunk, 'artifact' | 'bytes' | 'packed'>[];
}

/**
 * The file, piece by piece. `page`: the single-file page (apps/web/dist/snapshot.html). Throws when it has no slot, which is
 * a bug of its build.
 */
export async function* snapshotHtml(
  page: string,
  summary: RunSummary,
  chunks: AsyncIterable<SnapshotChunk> | Iterable<SnapshotChunk>,
): AsyncGenerator<string> {
  const slot = page.lastIndexOf(SNAPSHOT_SLOT);
  if (slot < 0) throw new Error(`the page has no ${SNAPSHOT_SLOT}`);
  yield page.slice(0, slot);
  const sizes: SnapshotManifest['chunks'][number][] = [];
  for await (const { artifact, base64, bytes, packed } of chunks) {
    yield `<script type="application/octet-stream" ${SNAPSHOT_CHUNK_ATTRIBUTE}="${sizes.length}">${base64}</script>\n`;
    sizes.push({ ...(artifact === undefined ? {} : { artifact }), bytes, packed });
  }
  const manifest: SnapshotManifest = { format: FORMAT, summary, chunks: sizes };
  yield `<script type="application/json" id="${SNAPSHOT_MANIFEST_ID}">${escapeScript(JSON.stringify(manifest))}</script>\n`;
  yield page.slice(slot + SNAPSHOT_SLOT.length);
}

/** JSON that no HTML parser takes for the end of its script, or for a comment. */
const escapeScript = (json: string): string => json.replaceAll('<', '\\u003c');

/** What is wrong with a snapshot, in words for whoever opened it. */
export interface SnapshotFault {
  readonly kind: 'no-snapshot' | 'newer-format' | 'unreadable';
  readonly message: string;
}

/** Most bytes that a piece may say it inflates to: a snapshot is input from strangers. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

/** The manifest in a page; a snapshot is hostile input, so nothing of it is believed unread. */
export function readSnapshotManifest(text: string | undefined): SnapshotManifest | SnapshotFault {
  if (text === undefined) return { kind: 'no-snapshot', message: 'This page has no run in it.' };
  const manifest = parseJson(text) as Partial<SnapshotManifest> | null | undefined;
  const format = manifest?.format;
  if (typeof format === 'number' && format > FORMAT) {
    return {
      kind: 'newer-format',
      message: `This run was kept in format ${format}; this page reads up to ${FORMAT}. Make the snapshot again with the observe that recorded it.`,
    };
  }
  const summary = runSummary.safeParse(manifest?.summary).data;
  const chunks: unknown = manifest?.chunks;
  if (!isKnownFormat(format) || summary === undefined || !Array.isArray(chunks) || !chunks.every(isChunk)) {
    return { kind: 'unreadable', message: 'The run in this page is damaged: its table of contents cannot be read.' };
  }
  return { format, summary, chunks };
}

/** Format 1 has no processes and no artifacts; what it has is said as in format 2. */
const isKnownFormat = (format: unknown): format is number =>
  typeof format === 'number' && format >= 1 && format <= FORMAT;

const isChunk = (chunk: unknown): chunk is SnapshotManifest['chunks'][number] => {
  const { artifact, bytes, packed } = (chunk ?? {}) as Partial<SnapshotChunk>;
  const isNamed = artifact === undefined || partId.safeParse(artifact).success;
  return isNamed && isSize(bytes) && isSize(packed) && bytes <= MAX_CHUNK_BYTES;
};

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
