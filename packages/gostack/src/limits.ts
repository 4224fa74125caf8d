/** What one assembler may keep. Input past a limit is still recognised and claimed, but not kept; the report says so. */
export interface Limits {
  /**
   * Lines kept as text and structure. Half is for crashes, half for races and for stacks that a program printed itself: those
   * must not crowd out what kills.
   */
  readonly keptLines: number;
  /** UTF-16 units of text kept; halved in the same way. */
  readonly keptChars: number;
  /** UTF-16 units of one line that are read; the rest of the line is cut. */
  readonly lineChars: number;
  /** Blocks of each kind. */
  readonly blocks: number;
  readonly marks: number;
  /** Indented lines of one panic's message. */
  readonly messageLines: number;
  /** Foreign lines in a row after which an open block is over. */
  readonly gapLines: number;
}

export const LIMITS: Limits = {
  // A timeout with 10,000 goroutines writes 110,000 to 150,000 lines, and must fit into its half. Measured: 100,000 lines of
  // a dump keep 26 MB of heap.
  keptLines: 400_000,
  // 200,000 lines of a dump have about 9 million characters; this stops long panic messages from passing for lines.
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
