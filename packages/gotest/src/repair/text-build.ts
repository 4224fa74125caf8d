import { defineRepair } from './repair.ts';

/** `# example.com/p [example.com/p.test]`: how the go command begins the output of one build. */
export const readBuildHeader = (line: string): string | undefined => /^# (\S.*?)\r?$/.exec(line)?.[1];

/** `[build failed]` or `[setup failed]` on a package's last line. */
export const readFailedStep = (line: string): 'build' | 'setup' | undefined =>
  /^FAIL\t[^\t]+ \[(build|setup) failed\]/.exec(line)?.[1] as 'build' | 'setup' | undefined;

/** Recordings: streams/builderr, veterr, setuperr, longbuild (events); streams/nonjson-mixed (text). */
export const textBuild = defineRepair({
  id: 'text-build',
  rule: 'R11',
  what: 'Build output came as plain text (before Go 1.24, or stderr mixed in): joined with the package that it broke by name.',
  issues: [35169, 54378],
  fixedIn: '1.24',
});
