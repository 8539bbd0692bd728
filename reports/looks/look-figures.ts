import { z } from "zod";

import { FIGURES } from "./figures-of-look.ts";

/** A known and finite number, else null. */
const Figure = z.number().nullable().catch(null);
const Limits = z.tuple([Figure, Figure]).readonly().nullable().catch(null);
const SCHEMAS = { figure: Figure, limits: Limits };

type Shape = {
  readonly [Name in keyof typeof FIGURES]: (typeof SCHEMAS)[(typeof FIGURES)[Name]["kind"]];
};

export const LookFigures = z.looseObject(
  // `fromEntries` forgets the names, which are exactly those of the table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.fromEntries(
    Object.entries(FIGURES).map(([name, { kind }]) => [name, SCHEMAS[kind]]),
  ) as Shape,
);
export type LookFigures = z.infer<typeof LookFigures>;
