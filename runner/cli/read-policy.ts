import type { GatePolicy } from "../../reports/decisions/gate-thresholds.ts";
import { ConfigurationError } from "../config/errors.ts";

const POLICIES: readonly GatePolicy[] = ["literal", "standard", "strict"];

/** The policy that `--policy` names; undefined where it is not given. */
export function readPolicy(text: string | undefined): GatePolicy | undefined {
  const policy = POLICIES.find((one) => one === text);
  if (policy !== undefined || text === undefined) return policy;
  throw new ConfigurationError(
    `--policy: expected literal, standard or strict, got "${text}". Write one of them.`,
  );
}
