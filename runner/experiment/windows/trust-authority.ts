import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { AgentInterception } from "../../agents/drivers/driver.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import type { CaFile } from "../../platform/network/ca-files.ts";

type Trusted = Pick<AgentInterception, "certificateFile" | "bundleFile">;

/**
 * Copies the public files of the authority to the agent's home, because its folder is hidden from the agent. The
 * authorities of a company are added: hosts that the proxy does not answer for are reached through its network.
 */
export function trustAuthority(
  files: Pick<Authority, "certificateFile" | "bundleFile">,
  company: readonly CaFile[],
  home: string,
): Trusted {
  const copy = (from: string, name: string): string => {
    const file = path.join(home, name);
    const texts = [readFileSync(from, "utf8"), ...company.map(({ text }) => text)];
    writeFileSync(file, texts.join("\n"));
    return file;
  };
  return {
    certificateFile: copy(files.certificateFile, "proxy-ca.pem"),
    bundleFile: copy(files.bundleFile, "proxy-ca-bundle.pem"),
  };
}
