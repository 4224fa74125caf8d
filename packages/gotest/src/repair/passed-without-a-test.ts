import { defineRepair } from './repair.ts';

/** The package passed and no test began; `go test` did not say that there are none. No recording: TestMain that calls os.Exit(0). */
export const passedWithoutATest = defineRepair({
  id: 'passed-without-a-test',
  rule: 'R16',
  what: 'The package passed without running a test, and Go did not say why: TestMain may exit early.',
  issues: [29062],
  fixedIn: undefined,
});
