const FRAMING = /^\s*(?:=== [A-Z]+\s|--- [A-Z]+: )/;
const TEST_LOG = /^ {4,}[^\s:][^:]*\.go:\d+: /;

/** A line that `testing` writes while it lives: framing, `t.Log`, or the last words of a package that passed. */
export const isTestText = (text: string): boolean =>
  FRAMING.test(text) || TEST_LOG.test(text) || text === 'PASS' || text.startsWith('ok  \t');

/** A line that `go test` writes when the process is gone. */
export const isProcessEnd = (text: string): boolean => text.startsWith('FAIL\t') || text.startsWith('exit status ');
