import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { startCompanyProxy } from "../../gateway/proxy/test-support/company-proxy.ts";
import { startFakeUpstream } from "../../gateway/proxy/test-support/fake-upstream.ts";
import { prepareSetup } from "./prepare-setup.ts";
import { openCommitLab } from "./test-support/commit-lab.ts";

const HOST = "packages.example";
const FETCH = `fetch("https://${HOST}/left-pad").then((got) => got.text())
  .then((text) => require("node:fs").writeFileSync(process.env.HOME + "/got", text));`;

/** A task that installs from a host of the internet, on a machine of a company. */
async function inCompany(variables: (url: string, caFile: string) => Record<string, string>) {
  const index = await startFakeUpstream((response) => void response.end("a package"));
  onTestFinished(async () => await index.stop());
  const company = await startCompanyProxy(index.origin, { user: "me:secret-4711" });
  onTestFinished(company.stop);
  const named = company.url.replace("//", "//me:secret-4711@");
  const lab = await openCommitLab(variables(named, company.caFile));
  const start = await lab.commit("First", { "fetch.cjs": FETCH });
  const runs = [["sh", "-c", "env > $HOME/env; NODE_USE_ENV_PROXY=1 exec node fetch.cjs"]];
  const task = lab.task(start, { setup: { runs, allowedHosts: [HOST] } });
  return { company, prepare: async () => await prepareSetup(task, lab.environment) };
}

test.each([
  ["NODE_EXTRA_CA_CERTS", []],
  ["SSL_CERT_FILE", ["NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO"]],
])(
  "setup reaches a host through the company's proxy, and gets the authorities of %s",
  async (variable, others) => {
    const { company, prepare } = await inCompany((url, caFile) => ({
      HTTPS_PROXY: url,
      SSL_CERT_FILE: "",
      NODE_EXTRA_CA_CERTS: "",
      [variable]: caFile,
    }));
    const { home } = await prepare();
    expect(readFileSync(path.join(home, "got"), "utf8")).toBe("a package");
    expect(company.led[0]).toMatchObject({ method: "CONNECT", target: `${HOST}:443` });
    const seen = readFileSync(path.join(home, "env"), "utf8");
    const [, place = ""] = new RegExp(`^${variable}=(/.+)$`, "mu").exec(seen) ?? [];
    for (const name of [variable, ...others]) expect(seen).toContain(`${name}=${place}\n`);
    expect(seen).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+$/mu);
    expect(seen).not.toContain("secret-4711");
  },
);

test("a proxy that can't be used is named before setup runs, without its password", async () => {
  const { prepare } = await inCompany(() => ({
    https_proxy: "socks5://me:secret-4711@proxy:1080",
  }));
  await expect(prepare()).rejects.toThrow(
    "https_proxy: expected the address of an HTTP proxy, got socks5://***@proxy:1080.",
  );
});
