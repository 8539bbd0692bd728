import { z } from "zod";

import { Count, exact, listOf, NumberOrNull, Text, TextOrNull } from "../evidence/schema.ts";

const Tristate = z.enum(["yes", "no", "unknown"]);

const Kind = z.enum(["two-sided", "one-sided"]);

/** A ratio and how far it is known, at every look. */
const Known = {
  ratio: NumberOrNull,
  lower: NumberOrNull,
  upper: NumberOrNull,
  /** The level of the interval, 0…1. */
  level: z.number(),
  /** Two-sided: the interval as a whole has the level. One-sided: each of its bounds has. */
  kind: Kind,
  validity: z.literal("anytime-valid"),
  /** All of it in a sentence. */
  text: Text,
};

/** What to do next, in parts: a screen with little room leaves out the hint, then the command. */
const NextStep = exact({
  text: Text,
  /** How to do it. */
  hint: TextOrNull,
  /** The command line that does the rest of it. */
  command: TextOrNull,
});
export type NextStep = z.infer<typeof NextStep>;

/** The answer to the question of an experiment, for one candidate. Names in it are not escaped. */
export const Answer = exact({
  candidate: Text,
  baseline: Text,
  /** Whether the candidate is cheaper and as good. */
  verdict: Tristate,
  is_cheaper: Tristate,
  is_as_good: Tristate,
  /** The whole answer. */
  sentence: Text,
  how_sure: Text,
  /** Baseline ÷ candidate: 2 means that the candidate needs half. */
  cost: exact(Known),
  /** Candidate ÷ baseline; `margin` must be kept. */
  quality: exact({ ...Known, margin: z.number() }),
  /** The gravest first. */
  missing_or_wrong: listOf(Text),
  /** What it would take to decide, or to be surer. */
  to_decide: Text,
  /** Tasks that would decide if they turn out like those so far; null if unknown or more than 500. */
  more_tasks: Count.nullable(),
  /** What they would cost both providers; null if a price is unknown. */
  more_usd: z.number().nonnegative().nullable(),
  more_tokens: z.number().nonnegative().nullable(),
  /** All attempts of the whole experiment. */
  cost_of_run: exact({
    /** null if not every window's tokens were counted. */
    tokens: Count.nullable(),
    /** null if a price is unknown. */
    usd: z.number().nonnegative().nullable(),
    text: Text,
  }),
  /** `to_decide` in its parts. */
  next: NextStep,
});
export type Answer = z.infer<typeof Answer>;
