/** Takes down what a line says. */
export interface LineWriter {
  number(value: number): void;
  /** A text that many lines have in common. */
  name(text: string | null): void;
}

/** Gives back what was taken down, in the same order. */
export interface LineReader {
  number(): number;
  name(): string | null;
  /** Characters of the line itself. */
  text(from: number, to: number): string;
}

/**
 * Takes a line down on another thread; each byte is one character. false: it says nothing of the line,
 * which is then read as if nobody had looked at it before.
 */
export type EncodeLine = (line: string, out: LineWriter) => boolean;
