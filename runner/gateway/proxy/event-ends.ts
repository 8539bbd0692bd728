/** The bytes that end a piece of a stream. */
export type Ends = readonly Buffer[];

export const EVENT_ENDS: Ends = [Buffer.from("\n\n"), Buffer.from("\r\n\r\n"), Buffer.from("\r\r")];
/** Streams without events have a JSON value in each line. */
export const LINE_ENDS: Ends = [Buffer.from("\n")];

/** Returns the end of the last whole event of a stream in these bytes; -1 if none does. */
export function endOfLastEvent(bytes: Buffer, marks = EVENT_ENDS): number {
  const ends = marks.map((mark) => {
    const at = bytes.lastIndexOf(mark);
    return at === -1 ? -1 : at + mark.length;
  });
  return Math.max(...ends);
}

/** Returns the end of the first event; the end of the bytes if none is whole. */
export function endOfFirstEvent(bytes: Buffer, marks = EVENT_ENDS): number {
  const ends = marks.map((mark) => {
    const at = bytes.indexOf(mark);
    return at === -1 ? bytes.length : at + mark.length;
  });
  return Math.min(...ends);
}
