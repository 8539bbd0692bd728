import { createPrivateKey, KeyObject, webcrypto } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";

import type { X509Certificate } from "@peculiar/x509";

import type { Clock } from "../../../../ledger/domain/clock.ts";
import { dateOf } from "../../../../ledger/domain/timestamp.ts";

/** A certificate authority of this data folder. Only clients that are configured for it trust it. */
export interface Authority {
  /** The certificate, PEM. */
  readonly certificateFile: string;
  /** The certificate and the well-known authorities, for clients that trust a single file. */
  readonly bundleFile: string;
  /** A key and a certificate for a host, made on first use. */
  contextFor(host: string): Promise<SecureContext>;
}

type Library = Awaited<ReturnType<typeof importLibrary>>;

/** The authority's certificate and its signing key. */
interface Signer {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

const DAY_MS = 24 * 3600 * 1000;
const VALID_MS = 30 * DAY_MS;
/** A client whose clock is a little behind must accept a new certificate. */
const BACKDATED_MS = 3600 * 1000;
const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const SERVER_USAGE = "1.3.6.1.5.5.7.3.1";
const HOSTS_MAX = 1000;

/**
 * Opens the folder's authority. Makes one if there is none or its 30 days are over. The key stays in
 * the folder, readable by its owner only; nothing is installed.
 */
export async function openAuthority(folder: string, clock: Clock): Promise<Authority> {
  // The library is large, so only an intercepting proxy loads it.
  const library = await importLibrary();
  const files = filesIn(folder);
  const signer =
    (await readSigner(library, files, clock)) ?? (await makeSigner(library, files, clock));
  const leafKeys = await makeKeys();
  const contexts = new Map<string, Promise<SecureContext>>();
  return {
    certificateFile: files.certificate,
    bundleFile: files.bundle,
    contextFor: async (host) => {
      const known = contexts.get(host);
      if (known !== undefined) return await known;
      if (contexts.size >= HOSTS_MAX) contexts.clear();
      const making = makeContext(library, { signer, leafKeys }, { host, nowMs: clock.nowMs() });
      contexts.set(host, making);
      return await making;
    },
  };
}

async function importLibrary() {
  // The library resolves its parts with this module, which must load first.
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

type AuthorityFiles = ReturnType<typeof filesIn>;

function filesIn(folder: string) {
  const at = (name: string): string => path.join(folder, name);
  return { folder, certificate: at("ca.pem"), key: at("ca-key.pem"), bundle: at("ca-bundle.pem") };
}

async function readSigner(
  { X509Certificate: Certificate }: Library,
  files: AuthorityFiles,
  clock: Clock,
): Promise<Signer | null> {
  if (!existsSync(files.key) || !existsSync(files.certificate)) return null;
  try {
    const certificate = new Certificate(readFileSync(files.certificate, "utf8"));
    if (certificate.notAfter.getTime() < clock.nowMs() + DAY_MS) return null;
    const key = createPrivateKey(readFileSync(files.key)).toCryptoKey(ALGORITHM, false, ["sign"]);
    chmodSync(files.key, OWNER_ONLY);
    return { certificate, key };
  } catch {
    // Damaged files are replaced: only this folder's own clients trust them.
    return null;
  }
}

async function makeSigner(library: Library, files: AuthorityFiles, clock: Clock): Promise<Signer> {
  const keys = await makeKeys();
  const certificate = await library.X509CertificateGenerator.createSelfSigned({
    name: "CN=Counterbalance local proxy",
    ...validity(clock.nowMs()),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new library.BasicConstraintsExtension(true, 0, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.keyCertSign, true),
      await library.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  mkdirSync(files.folder, { recursive: true, mode: OWNER_FOLDER });
  writeFileSync(files.key, pemOf(keys.privateKey), { mode: OWNER_ONLY });
  chmodSync(files.key, OWNER_ONLY);
  writeFileSync(files.certificate, certificate.toString("pem"));
  writeFileSync(files.bundle, [certificate.toString("pem"), ...rootCertificates].join("\n"));
  return { certificate, key: keys.privateKey };
}

async function makeContext(
  library: Library,
  { signer, leafKeys }: { readonly signer: Signer; readonly leafKeys: webcrypto.CryptoKeyPair },
  { host, nowMs }: { readonly host: string; readonly nowMs: number },
): Promise<SecureContext> {
  const certificate = await library.X509CertificateGenerator.create({
    subject: "CN=Counterbalance intercepted host",
    issuer: signer.certificate.subject,
    ...validity(nowMs),
    signingAlgorithm: SIGNING,
    signingKey: signer.key,
    publicKey: leafKeys.publicKey,
    extensions: [
      new library.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
      new library.ExtendedKeyUsageExtension([SERVER_USAGE]),
      await library.AuthorityKeyIdentifierExtension.create(signer.certificate),
    ],
  });
  const chain = [certificate.toString("pem"), signer.certificate.toString("pem")].join("\n");
  return createSecureContext({ key: pemOf(leafKeys.privateKey), cert: chain });
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function pemOf(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}

function validity(nowMs: number) {
  return { notBefore: dateOf(nowMs - BACKDATED_MS), notAfter: dateOf(nowMs + VALID_MS) };
}
