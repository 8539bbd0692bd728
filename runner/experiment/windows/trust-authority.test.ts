import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rootCertificates } from "node:tls";

import { expect, test } from "vitest";

import { readCaFiles } from "../../platform/network/ca-files.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { trustAuthority } from "./trust-authority.ts";

const [OURS = "", OTHER = "", COMPANY = ""] = rootCertificates;

function certificatesIn(file: string): readonly string[] {
  const found =
    readFileSync(file, "utf8").match(/-----BEGIN[^]+?-----END CERTIFICATE-----/gu) ?? [];
  return found.map((pem) => new X509Certificate(pem).fingerprint256);
}

const fingerprints = (...pems: readonly string[]) =>
  pems.map((pem) => new X509Certificate(pem).fingerprint256);

test("an intercepted agent trusts our authority and those of a company", () => {
  const folder = temporaryFolder();
  const write = (name: string, ...pems: readonly string[]): string => {
    writeFileSync(path.join(folder, name), pems.join("\n"));
    return path.join(folder, name);
  };
  const files = { certificateFile: write("ca", OURS), bundleFile: write("all", OURS, OTHER) };
  const variables = { SSL_CERT_FILE: write("company", COMPANY), NODE_EXTRA_CA_CERTS: "/absent" };
  const { certificateFile, bundleFile } = trustAuthority(
    files,
    readCaFiles({ variables, cwd: "/" }),
    folder,
  );
  expect(certificatesIn(certificateFile)).toEqual(fingerprints(OURS, COMPANY));
  expect(certificatesIn(bundleFile)).toEqual(fingerprints(OURS, OTHER, COMPANY));
});
