import { requireDomain } from "../domain-error.ts";
import type { Sequence } from "../sequence.ts";
import { shuffle } from "./shuffle.ts";
import type { Rng } from "./stream.ts";

/**
 * Draws `count` sequences in shuffled blocks that hold AB and BA equally often, the last one cut to
 * length, so that both never differ by more than half a block.
 *
 * @example
 * drawPermutedBlocks({ count: 3, blockSize: 2 }, () => 0.9); // ["AB", "BA", "AB"]
 */
export function drawPermutedBlocks(
  { count, blockSize }: { readonly count: number; readonly blockSize: number },
  rng: Rng,
): readonly Sequence[] {
  const isEven = Number.isInteger(blockSize / 2) && blockSize >= 2;
  requireDomain(isEven, "an even block size of at least 2", blockSize);
  const half = blockSize / 2;
  const block: readonly Sequence[] = [
    ...Array<Sequence>(half).fill("AB"),
    ...Array<Sequence>(half).fill("BA"),
  ];
  const blocks = Array.from({ length: Math.ceil(count / blockSize) }, () => shuffle(block, rng));
  return blocks.flat().slice(0, count);
}
