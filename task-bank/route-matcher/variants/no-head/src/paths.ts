/**
 * The decoded parts of a path, without its query. One `/` at the end adds no part.
 * @returns null if the path is not encoded well
 */
export function partsOf(path: string): string[] | null {
  const [bare] = path.split("?") as [string];
  try {
    return bare.replace(/\/$/, "").split("/").slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}
