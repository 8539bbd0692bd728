import { expect, it } from "vitest";

import { requestFate } from "../../../ledger/domain/request-fate.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { endOfCall } from "./exchange.ts";

const HALF = { model: null, usage: null, isComplete: false, outputEstimate: 3, error: null };
const READINGS = [null, HALF, { ...HALF, error: "overloaded_error" }];

it("gives every answer that broke off an error, by which the ledger counts it as failed", () => {
  const ends = [true, false].flatMap((isModelRequest) =>
    READINGS.flatMap((reading) =>
      [null, new Error("socket hang up")].map((failure) =>
        endOfCall({
          isModelRequest,
          isSent: true,
          status: 200,
          failure,
          isClientGone: false,
          reading,
        }),
      ),
    ),
  );
  const cut = ends.filter(({ settlement }) => settlement === "cut");
  expect(cut.length).toBeGreaterThan(4);
  for (const { error } of cut) {
    expect(error).not.toBeNull();
    expect(requestFate(proxiedRequest({ error, is_stream_cut: true }))).toBe("failed");
  }
});
