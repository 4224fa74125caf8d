// `pnpm check`: format, lint, types, floors, unit; what one runs before a commit. Needs an installed tree (`npm start` once).
import { CHECKS, runStages } from './stages.mjs';

const { failed } = await runStages(CHECKS);
process.exitCode = failed > 0 ? 1 : 0;
