/** How the text of a dying process begins, or what `go test` says of one. Source: go-stacks-and-waits.md §3. */
export interface Head {
  readonly kind: 'timeout' | 'panic' | 'fatal' | 'exit' | 'killed' | 'interrupted';
  /** The line without its newline. */
  readonly text: string;
}

/** The head that a line is. It may still be a lie: any test can print `panic: `; the package's end decides. */
export function readHead(line: string): Head | undefined {
  switch (line.charCodeAt(0)) {
    case 0x70: // p
      if (!line.startsWith('panic: ')) return undefined;
      return head(line.startsWith('panic: test timed out after ') ? 'timeout' : 'panic', line);
    case 0x66: // f
      return line.startsWith('fatal error: ') ? head('fatal', line) : undefined;
    case 0x53: // S
      return line.startsWith('SIGQUIT: quit') ? head('killed', line) : undefined;
    case 0x73: // s
      if (line.startsWith('signal: interrupt')) return head('interrupted', line);
      return /^signal: [a-z]/.test(line) ? head('killed', line) : undefined;
    case 0x65: // e
      return /^exit status \d+\r?\n?$/.test(line) ? head('exit', line) : undefined;
    case 0x2a: // *
      return line.startsWith('*** Test killed') ? head('timeout', line) : undefined;
    default:
      return undefined;
  }
}

const head = (kind: Head['kind'], line: string): Head => ({ kind, text: line.trimEnd() });
