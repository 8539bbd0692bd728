import type { PictureBlock } from "../document/document.ts";
import { tableOf } from "../document/parts.ts";
import { join } from "./words.ts";

type Named = Pick<PictureBlock, "id" | "title">;

type PictureParts<Item> = Named &
  Pick<PictureBlock, "specification"> &
  Omit<Parameters<typeof tableOf<Item>>[0], "id" | "none"> & {
    /** Sentences that say what the picture shows; empty ones are left out. */
    readonly alternative: readonly string[];
  };

/** A picture with its data, a row for each item. */
export function pictureOf<Item>(parts: PictureParts<Item>): PictureBlock {
  const { id, title, alternative, specification, ...data } = parts;
  return {
    kind: "picture",
    id,
    title,
    alternative: join(...alternative),
    specification,
    data: tableOf({ id: `${id}-data`, ...data }),
  };
}

/** A picture that has nothing to draw, and says why. */
export function emptyPicture({ id, title }: Named, why: string): PictureBlock {
  const none = `Nothing to draw: ${why}.`;
  const data = { kind: "table" as const, id: `${id}-data`, columns: [], rows: [], none };
  return { kind: "picture", id, title, alternative: none, specification: null, data };
}
