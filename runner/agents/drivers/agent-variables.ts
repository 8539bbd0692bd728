import { join } from "node:path";

import type { CommandLine } from "../../platform/processes/command-line.ts";
import type { AgentAssignment, AgentInterception, DriverContext } from "./driver.ts";

/** An agent finds programs by PATH; the others set its language and time zone. */
const PASSED_ON = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

/** The few variables of ours that every agent gets; none of them is a secret. */
export function passOn(variables: DriverContext["variables"]): CommandLine["env"] {
  const passed: Record<string, string> = { LANG: "C.UTF-8" };
  for (const name of PASSED_ON) {
    const value = variables[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

const NO_PROXY = "127.0.0.1,localhost";

/** The variables by which programs find a proxy. */
export function proxyVariables(proxyUrl: string): CommandLine["env"] {
  return {
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY,
    no_proxy: NO_PROXY,
  };
}

/** The variables by which command-line agents find a proxy and trust its certificate. */
function interceptionVariables({
  proxyUrl,
  certificateFile,
  bundleFile,
}: AgentInterception): CommandLine["env"] {
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY,
    no_proxy: NO_PROXY,
    // Node.js programs add this certificate to their own; native programs read a single file.
    NODE_EXTRA_CA_CERTS: certificateFile,
    SSL_CERT_FILE: bundleFile,
    CODEX_CA_CERTIFICATE: bundleFile,
  };
}

/** What every command-line client gets: a home of its own, and the proxy if it answers in a vendor's place. */
export function clientVariables(
  { home, interception, renewal }: AgentAssignment,
  { variables }: DriverContext,
): CommandLine["env"] {
  const trusted = interception ?? renewal;
  return {
    ...passOn(variables),
    TERM: "dumb",
    HOME: home,
    TMPDIR: join(home, "tmp"),
    ...(trusted === undefined ? {} : interceptionVariables(trusted)),
  };
}
