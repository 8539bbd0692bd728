/** Reads bytes without an encoding. */
export interface ByteReader {
  write(chunk: Buffer): void;
  end(): void;
}

/** Takes a copy of passing bytes, decodes it and gives it to a reader. */
export interface ByteCopy {
  /** Whether the source is to pause until `onDrain` is called. */
  readonly isBehind: boolean;
  write(chunk: Buffer): void;
  /** Calls back when the reader has everything: at once for plain bytes. */
  end(onRead: () => void): void;
}
