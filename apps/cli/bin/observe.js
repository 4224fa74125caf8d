#!/usr/bin/env node
// Plain JavaScript that any Node can read: it only says what is missing, or loads the built program.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`observe needs Node 20.19 or newer; this is Node ${process.versions.node}`);
  process.exitCode = 2;
} else if (!existsSync(main)) {
  console.error('observe is not built yet: run `npm run build` (or `npm start`) once in its repository');
  process.exitCode = 2;
} else {
  await import(main.href);
}
