import { expect, test } from "vitest";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { AskedModels } from "./asked-models.ts";

const NAMED = { model: "own", routes: [{ name: "to-glm[0]", model: "glm" }] };
const UNKNOWN = { status: 404, error: "not_found_error" };
const ROUTED = { routed_by: "to-glm[0]", requested_model: "own" };

/** The unknown model after such requests, which came a second apart. */
function unknownAfter(...requests: readonly Partial<ProxiedRequest>[]) {
  const models = new AskedModels(NAMED);
  for (const [index, request] of requests.entries()) {
    models.note(proxiedRequest({ requested_model: "own", ...request }), index * 1000);
  }
  return models.unknown()?.model ?? null;
}

test.each([
  ["the configured model", [UNKNOWN], "own"],
  ["by OpenAI's name of the error", [{ status: 400, error: "model_not_found" }], "own"],
  ["by Google's name of the error", [{ status: 404, error: "NOT_FOUND" }], "own"],
  ["a routed model, though another one answers", [{}, { ...UNKNOWN, ...ROUTED }, {}], "glm"],
  [
    "a name of the agent's own, while nothing was answered",
    [{ ...UNKNOWN, requested_model: "mini" }],
    "mini",
  ],
  [
    "the configured model rather than a name of the agent's own",
    [{ ...UNKNOWN, requested_model: "mini" }, UNKNOWN],
    "own",
  ],
  [
    "no name of the agent's own, once something was answered",
    [{ ...UNKNOWN, requested_model: "mini" }, {}],
    null,
  ],
  ["no model that has answered before", [{}, UNKNOWN], null],
  ["no model that answers later", [UNKNOWN, {}], null],
  ["no path that is not there", [{ status: 404, error: "http_error" }], null],
  ["no model in another error", [{ status: 400, error: "not_found_error" }], null],
])("unknown is %s", (_, requests, expected) => {
  expect(unknownAfter(...requests)).toBe(expected);
});
