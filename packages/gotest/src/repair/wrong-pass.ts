import { defineRepair } from './repair.ts';

/** Go 1.10–1.14 wrote `pass` for the test whose process had panicked or exited; no recording (such a Go is not at hand). */
export const wrongPass = defineRepair({
  id: 'wrong-pass',
  rule: 'R4',
  what: 'Passed without a result line, though the process died under it: the text of the package wins.',
  issues: [37555, 38226],
  fixedIn: '1.15',
});
