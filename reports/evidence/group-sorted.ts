/** The items by key, in the order of the keys. */
export function groupSorted<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
): readonly (readonly [string, readonly Item[]])[] {
  return [...Map.groupBy(items, keyOf)].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** The versions of each tool that these records name, each version once. */
export function listVersions(records: readonly Readonly<Record<string, string>>[]) {
  const named = records.flatMap((versions) => Object.entries(versions));
  return groupSorted(named, ([tool]) => tool).map(([name, own]) => ({
    name,
    versions: [...new Set(own.map(([, version]) => version))].toSorted(),
  }));
}
