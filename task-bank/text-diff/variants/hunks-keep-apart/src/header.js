/**
 * The first line of a hunk. `before` and `after` say where the hunk begins in each text, counted from 1, and how many
 * lines of that text it has. A hunk without lines of a text begins at the line before it, or at 0.
 */
export function headerOf({ before, after }) {
  return `@@ -${spanOf(before)} +${spanOf(after)} @@`;
}

function spanOf({ start, count }) {
  return count === 1 ? `${start}` : `${start},${count}`;
}
