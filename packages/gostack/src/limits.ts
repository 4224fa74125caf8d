/** What one assembler may keep. Input past a limit is still recognised and claimed, but not kept; the report says so. */
export interface Limits {
  /** Lines kept as text and structure, all blocks together. */
  readonly keptLines: number;
  /** UTF-16 units of text kept, all blocks together. */
  readonly keptChars: number;
  /** UTF-16 units of one line that are read; the rest of the line is cut. */
  readonly lineChars: number;
  readonly blocks: number;
  readonly marks: number;
  /** Indented lines of one panic's message. */
  readonly messageLines: number;
  /** Foreign lines in a row after which an open block is over. */
  readonly gapLines: number;
}

export const LIMITS: Limits = {
  // A timeout with 10,000 goroutines writes about 150,000 lines; 200,000 lines were measured at 90 MB of heap, at worst.
  keptLines: 200_000,
  // 200,000 lines of a dump have about 15 million characters; this stops long panic messages from passing for lines.
  keptChars: 32 * 1024 * 1024,
  // Go cuts no line. The longest line of the grammar is a frame with a path: some kB. A panic may print a whole document.
  lineChars: 64 * 1024,
  // A racy suite reports each pair of stacks once; the thousandth report teaches nothing more.
  blocks: 1_000,
  // Each is one line of `go test`, of which a package has a handful.
  marks: 1_000,
  // Held until the first stack tells that it is a panic. A document printed as a message has some thousand lines.
  messageLines: 10_000,
  // The runtime freezes the other goroutines while it prints, so what cuts a dump is short.
  gapLines: 200,
};
