import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages that a bundle holds, as one text: whoever passes the bundle on passes these on too.
 *
 * @param {readonly string[]} files the bundle's inputs; those outside `node_modules` are ours
 * @returns {string}
 */
export function licensesOf(files) {
  const folders = new Set(
    files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0]),
  );
  const texts = [...folders].flatMap((folder) => (folder === undefined ? [] : [licenseOf(folder)]));
  return ['# Licences of bundled packages', ...new Set(texts.sort())].join('\n\n') + '\n';
}

/** @type {(folder: string) => string} */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `## ${name} ${version} (${license})${text}`;
}
