import './no-eval.ts';
import { fragmentAddress } from './route.ts';
import { createFileSource, findSnapshot, takeChunks } from './source/file.ts';
import { start } from './start.tsx';
import SnapshotWorker from './workers/snapshot.worker.ts?worker&inline';

const manifest = findSnapshot(document);
if ('kind' in manifest) {
  const root = document.getElementById('root');
  const words = document.createElement('p');
  words.textContent = manifest.message;
  words.style.margin = '48px';
  root?.append(words);
} else {
  start(createFileSource(manifest, takeChunks(document), new SnapshotWorker()), fragmentAddress(manifest.summary.id));
}
