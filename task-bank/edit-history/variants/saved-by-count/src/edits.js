/**
 * A change of a text at a place: what was there, and what is there now.
 * @typedef {{ at: number, removed: string, inserted: string }} Edit
 */

/** @returns {Edit} the change of so many characters of a text */
export function makeEdit(text, { at, remove = 0, insert = "" }) {
  const isInside = Number.isInteger(at) && Number.isInteger(remove) && at >= 0 && remove >= 0;
  if (!isInside || at + remove > text.length) throw new RangeError();
  return { at, removed: text.slice(at, at + remove), inserted: insert };
}

/** @returns {string} the text after the change */
export function apply(text, { at, removed, inserted }) {
  return text.slice(0, at) + inserted + text.slice(at + removed.length);
}

/** @returns {Edit} the change that takes this one back */
export function invert({ at, removed, inserted }) {
  return { at, removed: inserted, inserted: removed };
}

/** @returns {string} what kind of change it is, for people */
export function nameOf({ removed, inserted }) {
  if (removed === "") return "typing";
  return inserted === "" ? "erasing" : "replacing";
}
