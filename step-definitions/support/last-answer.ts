import type { ReceivedAnswer } from "../../runner/gateway/proxy/test-support/send.ts";
import { openProxyOf } from "./open-proxy.ts";
import { stageOf } from "./proxy-stage.ts";
import type { ExperimentWorld } from "./world.ts";

/** The last answer that an agent got, of the open proxy or of the scenario's own. */
export function lastAnswer(world: ExperimentWorld): ReceivedAnswer {
  return openProxyOf(world).answer ?? stageOf(world).answer;
}
