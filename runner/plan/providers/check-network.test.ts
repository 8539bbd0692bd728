import { writeFileSync } from "node:fs";
import path from "node:path";
import { rootCertificates } from "node:tls";

import { beforeEach, expect, test } from "vitest";

import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { checkNetwork } from "./check-network.ts";

let folder = "";

beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(path.join(folder, "ca.pem"), rootCertificates.slice(0, 2).join("\n"));
  writeFileSync(path.join(folder, "empty.pem"), "no certificate\n");
});

function check(variables: Readonly<Record<string, string>>) {
  const [network, certificates] = checkNetwork({ variables, cwd: folder });
  return { network, certificates };
}

test("a machine without a company's variables", () => {
  expect(check({})).toMatchObject({
    network: { part: "network", state: "ok", found: "no proxy: hosts are reached directly" },
    certificates: { part: "certificates", state: "ok", found: "the authorities that Node trusts" },
  });
});

test.each([
  [
    { HTTPS_PROXY: "http://me:secret@p.example:3128" },
    "HTTPS_PROXY http://***@p.example:3128; not for this machine",
  ],
  [{ HTTPS_PROXY: "p.example:3128", https_proxy: "" }, "no proxy: hosts are reached directly"],
  [{ http_proxy: "me@p.example" }, "http_proxy http://***@p.example; not for this machine"],
  [
    {
      HTTPS_PROXY: "https://p.example",
      HTTP_PROXY: "http://q.example:80",
      no_proxy: ".corp, 10.0.0.0/8",
    },
    "HTTPS_PROXY https://p.example, HTTP_PROXY http://q.example; not for this machine and .corp, 10.0.0.0/8",
  ],
  [
    { HTTPS_PROXY: "http://p.example", NODE_USE_ENV_PROXY: "0" },
    "no proxy: hosts are reached directly",
  ],
])("the proxies of %j", (variables, found) => {
  expect(check({ ...variables }).network).toMatchObject({ state: "ok", found, mend: null });
});

test.each(["socks5://me:secret@p.example:1080", "http://me:secret@:3128", "http://me:secret@[:1"])(
  "%s is no proxy",
  (value) => {
    const { network } = check({ HTTPS_PROXY: value });
    expect(network).toMatchObject({ state: "missing", found: "HTTPS_PROXY, unusable" });
    expect(network?.mend).toMatch(
      /^HTTPS_PROXY: expected the address of an HTTP proxy, got \w+:\/\/\*\*\*@\S+ Write for instance/u,
    );
    expect(network?.mend).not.toContain("secret");
  },
);

test("a file of certificates is counted, relative to the working folder", () => {
  const found = `those of Node, SSL_CERT_FILE ${folder}/ca.pem (certificates: 2)`;
  expect(check({ SSL_CERT_FILE: "ca.pem" }).certificates).toMatchObject({ state: "ok", found });
});

test.each([
  ["absent.pem", "it can't be read, ENOENT"],
  ["empty.pem", "it has no certificate in PEM"],
])("the file %s can't be used", (name, fault) => {
  const { certificates } = check({ NODE_EXTRA_CA_CERTS: name });
  expect(certificates?.found).toContain(`NODE_EXTRA_CA_CERTS ${folder}/${name} (${fault}`);
  expect(certificates).toMatchObject({
    state: "missing",
    mend: "Let NODE_EXTRA_CA_CERTS name a file of certificates in PEM, or unset it.",
  });
});
