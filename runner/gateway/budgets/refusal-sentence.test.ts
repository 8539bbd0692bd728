import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { refusalSentence } from "./refusal-sentence.ts";

/** What made at least one of six clients send a refused request again. */
const RETRY_WORDS = [
  /\p{N}/u,
  /rate[\s._-]*limit/i,
  /too[\s._-]*many[\s._-]*requests/i,
  /overloaded/i,
  /exhausted/i,
  /unavailable/i,
  /server[\s._-]*error/i,
  /time[\s._-]*out/i,
  /timed[\s._-]*out/i,
  /terminated/i,
  /connection/i,
  /try[\s._-]*again/i,
  /retry/i,
];

const WORDS = [
  ..."429 500 502 503 504 rate limit too many requests overloaded exhausted unavailable".split(" "),
  ..."server error time out timeout timed terminated connection try again retry".split(" "),
  ..."implement lru-cache Ｔｉｍｅｏｕｔ ５００ ter minated limIT con nection".split(" "),
];

function sentenceOf(name: string): string {
  return refusalSentence({ name, scope: "command" });
}

describe("refusalSentence", () => {
  it.each([
    ["/implement", "Spending cap of implement reached. This run is over."],
    ["/generate", "Spending cap of generate reached. This run is over."],
    ["/team:review", "Spending cap of team review reached. This run is over."],
    ["/phase-2", "Spending cap of phase reached. This run is over."],
    ["/rate-limit", "Spending cap of rate reached. This run is over."],
    ["/try-again", "Spending cap of try reached. This run is over."],
    ["/time-out", "Spending cap reached. This run is over."],
    ["/tim3out", "Spending cap of tim out reached. This run is over."],
    ["/ｔｉｍｅｏｕｔ", "Spending cap reached. This run is over."],
    ["/500", "Spending cap reached. This run is over."],
    ["/timeout", "Spending cap reached. This run is over."],
  ])("names %s as far as that is harmless", (name, sentence) => {
    expect(sentenceOf(name)).toBe(sentence);
  });

  it.each(["overall", "window"] as const)("names no command for the %s budget", (scope) => {
    expect(refusalSentence({ name: scope, scope })).toBe("Spending cap reached. This run is over.");
  });

  it("holds no digit and no retry word, whatever the command is called", () => {
    const name = fc
      .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "grapheme", maxLength: 6 })), {
        maxLength: 8,
      })
      .chain((words) => fc.constantFrom(" ", "-", "_", "", "5").map((gap) => words.join(gap)));
    fc.assert(
      fc.property(name, (command) => {
        const sentence = sentenceOf(`/${command}`);
        expect(RETRY_WORDS.filter((pattern) => pattern.test(sentence))).toEqual([]);
        expect(sentence.length).toBeLessThan(100);
      }),
      { numRuns: 2000, seed: 42 },
    );
  });
});
