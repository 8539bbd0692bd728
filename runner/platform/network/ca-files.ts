import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { ConfigurationError } from "../environment/configuration-error.ts";
import type { Environment } from "../environment/environment.ts";

/** The variables that name a file of authorities. Node itself reads only the second. */
const CA_VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const;

/** A file of authorities that a variable names. */
export interface CaFile {
  readonly variable: (typeof CA_VARIABLES)[number];
  /** Absolute path. */
  readonly file: string;
  /** PEM. */
  readonly text: string;
  readonly certificates: number;
  /** Why it can't be used; null if it can. */
  readonly fault: string | null;
}

/** The files of authorities that the variables name. */
export function readCaFiles({
  variables,
  cwd,
}: Pick<Environment, "variables" | "cwd">): readonly CaFile[] {
  return CA_VARIABLES.flatMap((variable) => {
    const named = variables[variable] ?? "";
    return named === "" ? [] : [readCaFile(variable, path.resolve(cwd, named))];
  });
}

function readCaFile(variable: CaFile["variable"], file: string): CaFile {
  const unread = { variable, file, text: "", certificates: 0 };
  try {
    const text = readFileSync(file, "utf8");
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
    const certificates = found.map((one) => new X509Certificate(one)).length;
    const fault = certificates === 0 ? "it has no certificate in PEM" : null;
    return { ...unread, text, certificates, fault };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : reasonOf(error);
    return { ...unread, fault: `it can't be read, ${String(reason)}` };
  }
}

/** Tools that read neither variable have one of their own. All but that of Node take the place of what is trusted. */
const READ_AS = {
  SSL_CERT_FILE: [
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "GIT_SSL_CAINFO",
  ],
  NODE_EXTRA_CA_CERTS: ["NODE_EXTRA_CA_CERTS"],
} as const;

/** The variables for a program that is to trust the same, and the places of the files in its sandbox. */
export function handCaFiles(files: readonly CaFile[], { isSandboxed }: { isSandboxed: boolean }) {
  const usable = files.filter(({ fault }) => fault === null);
  const placed = usable.map(({ variable, file }) => ({
    variable,
    file,
    inside: `/run/${variable}.pem`,
  }));
  return {
    variables: Object.fromEntries(
      placed.flatMap(({ variable, file, inside }) =>
        READ_AS[variable].map((name) => [name, isSandboxed ? inside : file]),
      ),
    ),
    moved: Object.fromEntries(placed.map(({ file, inside }) => [inside, file])),
  };
}

/**
 * What TLS trusts if the variables name authorities: these, and all that Node trusts by itself.
 * @throws ConfigurationError if a file can't be used.
 */
export function trustCaFiles(files: readonly CaFile[]): SecureContext | undefined {
  for (const { variable, file, fault } of files) {
    if (fault === null) continue;
    throw new ConfigurationError(
      `${variable}: expected a file of certificates in PEM, got ${file}: ${fault}. Name another file, or unset ${variable}.`,
    );
  }
  if (files.length === 0) return undefined;
  return createSecureContext({
    ca: [...getCACertificates("default"), ...files.map(({ text }) => text)],
  });
}
