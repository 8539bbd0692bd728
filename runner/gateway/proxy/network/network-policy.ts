/** Which hosts a sandboxed agent reaches besides its models: none, any public one, or some by name. */
export type NetworkPolicy = "closed" | "open" | { readonly allow: readonly string[] };

/** The policy of a window: what the experiment allows, and what its task needs besides. */
export function policyFor(
  experiment: NetworkPolicy,
  taskAllows: readonly string[] = [],
): NetworkPolicy {
  if (experiment === "open") return "open";
  const allow = [...(experiment === "closed" ? [] : experiment.allow), ...taskAllows];
  return allow.length === 0 ? "closed" : { allow: [...new Set(allow)] };
}

/** Whether a policy lets an agent reach a host. */
export function isAllowed(policy: NetworkPolicy, host: string): boolean {
  if (policy === "closed") return false;
  if (policy === "open") return true;
  return policy.allow.some((pattern) => matches(pattern.toLowerCase(), host));
}

/** `*.example.org` stands for every name below `example.org`, and not for that name itself. */
function matches(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}
