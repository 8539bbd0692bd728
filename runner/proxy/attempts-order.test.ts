import { expect, test } from "vitest";

import { Attempt } from "./attempts.ts";
import { Exchange } from "./exchange.ts";

test("whoever ends first leaves the others in flight, to be broken off", () => {
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
  const exchanges = ["first", "second", "third"].map(
    (traceId) =>
      new Exchange({
        attempt,
        traceId,
        arrivedAtMs: 0,
        arrivedMonotonicMs: 0,
        dialect: null,
        kind: "other",
        subagentId: null,
        clientSessionId: null,
      }),
  );
  for (const exchange of exchanges) attempt.enter(exchange);
  for (const first of exchanges.slice(0, 1)) attempt.leave(first);

  attempt.breakOff();

  expect(attempt.inFlight).toBe(2);
  expect(exchanges.map(({ isBrokenOff }) => isBrokenOff)).toEqual([false, true, true]);
});
