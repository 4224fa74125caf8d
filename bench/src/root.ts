import { fileURLToPath } from 'node:url';

/** The repository's folder; the bundle lies as deep as this source. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
