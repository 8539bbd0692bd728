import type { PictureBlock } from "../document/document.ts";

type Named = Pick<PictureBlock, "id" | "title">;

/** A picture that has nothing to draw, and says why. */
export function emptyPicture({ id, title }: Named, why: string): PictureBlock {
  const none = `Nothing to draw: ${why}.`;
  const data = { kind: "table" as const, id: `${id}-data`, columns: [], rows: [], none };
  return { kind: "picture", id, title, alternative: none, specification: null, data };
}
