import { topLevelMembers } from "../metering/top-level-members.ts";
import type { RequestFacts } from "./dialect.ts";

const NAME_MAX = 200;

/** The facts of a request body that names its model at the top level, as all three dialects do. */
export function modelAndStream(body: Buffer): RequestFacts {
  const members = topLevelMembers(body, ["model", "stream"]);
  const model = members.get("model");
  return {
    model: typeof model === "string" && model.length <= NAME_MAX ? model : null,
    streaming: members.get("stream") === true,
  };
}
