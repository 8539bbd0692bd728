/** The difference of two texts, in hunks. An empty text if there is none. */
export function diffTexts(_before, _after, { context: _context = 3 } = {}) {
  throw new Error("not built yet");
}
