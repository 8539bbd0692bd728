import { KeyObject, webcrypto } from "node:crypto";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const SERVER_USAGE = "1.3.6.1.5.5.7.3.1";

/** PEM texts. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that signs certificates for servers. */
export interface TestAuthority {
  readonly pem: string;
  certify(host: {
    readonly type: "dns" | "ip";
    readonly value: string;
  }): Promise<ServerCertificate>;
}

export async function makeAuthority(name: string): Promise<TestAuthority> {
  // The library resolves its parts with this module, which must load first.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await makeKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    signingAlgorithm: SIGNING,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return {
    pem: authority.toString("pem"),
    certify: async (host) => {
      const own = await makeKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: "CN=a server",
        issuer: authority.subject,
        signingAlgorithm: SIGNING,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension([host]),
          new x509.ExtendedKeyUsageExtension([SERVER_USAGE]),
        ],
      });
      const key = KeyObject.from(own.privateKey).export({ type: "pkcs8", format: "pem" });
      return { certificate: certificate.toString("pem"), key: key.toString() };
    },
  };
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}
