import { expect, test } from "vitest";

import { Attempt } from "./attempts.ts";

test("an attempt breaks off every request that has not left", () => {
  const attempt = new Attempt(
    {
      sessionId: "s",
      experimentId: "0".repeat(12),
      window: "W0-01",
      attempt: 1,
      provider: "glm",
      upstream: { name: "glm", baseUrl: "http://127.0.0.1:1", auth: { mode: "inherit" } },
    },
    "key",
  );
  const brokenOff: string[] = [];
  const [first, ...others] = ["first", "second", "third"].map((name) => ({
    breakOff: () => void brokenOff.push(name),
  }));
  for (const request of [first, ...others]) if (request !== undefined) attempt.enter(request);
  if (first !== undefined) attempt.leave(first);

  attempt.breakOff();

  expect(attempt.inFlight).toBe(2);
  expect(brokenOff.toSorted()).toEqual(["second", "third"]);
});
