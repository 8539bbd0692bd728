import type { Configuration, Credential } from "../../plan/config/configuration.ts";

/** Which credential goes to which host, for a provider's own requests and for each of its routes. */
export function planCredentials({ providers, upstreams }: Configuration) {
  const hosts = new Map(
    upstreams.map((upstream) => [
      upstream.name,
      upstream.kind === "remote" ? (URL.parse(upstream.baseUrl)?.host ?? null) : null,
    ]),
  );
  return providers.flatMap(({ id, upstream, credential, routes }) => {
    const own = { name: routes.length === 0 ? "all" : "others", upstream, credential };
    return [own, ...routes].map((to) => ({
      provider: id,
      requests: to.name,
      ...partsOf(to.credential),
      /** Null for a scripted model. */
      host: hosts.get(to.upstream) ?? null,
    }));
  });
}

/** A variable's name, never its value. */
function partsOf(credential: Credential) {
  switch (credential.mode) {
    case "variable":
      return { credential: credential.variable, header: credential.header };
    case "inherit":
      return { credential: "its log-in", header: "the log-in" };
    case "scripted":
      return { credential: "none", header: "none" };
  }
}
