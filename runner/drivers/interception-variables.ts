import type { AgentInterception, CommandLine } from "./driver.ts";

/** The variables by which command-line agents find a proxy and trust its certificate. */
export function interceptionVariables({
  proxyUrl,
  certificateFile,
  bundleFile,
}: AgentInterception): CommandLine["env"] {
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    // Programs on Node.js add this certificate to their own; native ones read one file alone.
    NODE_EXTRA_CA_CERTS: certificateFile,
    SSL_CERT_FILE: bundleFile,
    CODEX_CA_CERTIFICATE: bundleFile,
  };
}
