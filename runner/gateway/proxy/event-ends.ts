const EVENT_ENDS = [Buffer.from("\n\n"), Buffer.from("\r\n\r\n"), Buffer.from("\r\r")];

/** Returns the end of the last whole event of a stream in these bytes; -1 if none does. */
export function endOfLastEvent(bytes: Buffer): number {
  const ends = EVENT_ENDS.map((mark) => {
    const at = bytes.lastIndexOf(mark);
    return at === -1 ? -1 : at + mark.length;
  });
  return Math.max(...ends);
}

/** Returns the end of the first event; the end of the bytes if none is whole. */
export function endOfFirstEvent(bytes: Buffer): number {
  const ends = EVENT_ENDS.map((mark) => {
    const at = bytes.indexOf(mark);
    return at === -1 ? bytes.length : at + mark.length;
  });
  return Math.min(...ends);
}
