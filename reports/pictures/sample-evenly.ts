/**
 * At most `most` of the items, evenly spaced by their place; the first and the last are among them. Sorted by
 * what a picture shows, they give the same shape as all of them.
 */
export function sampleEvenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}

/** Says which part is drawn; empty if everything is. */
export function saySample(of: number, most: number, sorted: string): string {
  if (of <= most) return "";
  return `Drawn are ${String(most)} of ${String(of)}, evenly spaced by ${sorted}, with the smallest and the largest.`;
}
