import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, test } from "vitest";

import type { DriverLogin, LoginRenewal } from "../../agents/drivers/driver.ts";
import type { Issued, Renewal } from "../../gateway/proxy/renewal/renewal.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { lendLogin } from "./lend-login.ts";

const NAME = ".client/credentials.json";
const RENEWAL: LoginRenewal = {
  hosts: ["login.example.com"],
  path: "/token",
  accessToken: ["login", "access"],
  refreshToken: ["login", "refresh"],
  expiresAt: ["login", "until"],
};
const NOW_MS = 1_000_000;
const OLD = {
  login: { access: "old-access-token", refresh: "old-refresh-token", until: 1, scopes: ["a"] },
  other: { name: "kept" },
};
const FIRST = { access_token: "first-access-token", refresh_token: "first-refresh-token" };
const SECOND = { access_token: "second-access-token", refresh_token: "second-refresh-token" };

let folder: string;
let source: string;

beforeEach(() => {
  folder = temporaryFolder();
  source = path.join(folder, "credentials.json");
  writeFileSync(source, JSON.stringify(OLD));
});

/** Lends the file to an attempt, as a driver does whose log-in may have to be renewed. */
async function lend(home = "home") {
  const file = { source, name: NAME, renewal: RENEWAL };
  const findLogin = async (): Promise<DriverLogin> => ({ found: true, variables: {}, file });
  const provider = { credential: { mode: "inherit" } } as const;
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
  const environment = { ...processEnvironment(), clock };
  const login = await lendLogin(
    { provider, driver: { findLogin } },
    path.join(folder, home),
    environment,
  );
  const take = (presented: string | null, issued: Issued | null, status = 200) =>
    login.renewals?.take({ presented, issued, status } satisfies Renewal);
  return { ...login, take };
}

const copyOf = (home = "home") => path.join(folder, home, NAME);
const kept = () => JSON.parse(readFileSync(source, "utf8"));
const withTokens = ({ access_token, refresh_token }: typeof FIRST, until: number) => ({
  ...OLD,
  login: { ...OLD.login, access: access_token, refresh: refresh_token, until },
});
const kindsOf = (noticed: readonly { readonly kind: string }[]) => noticed.map(({ kind }) => kind);

test("the agent's copy is its owner's alone, and it is gone after the end", async () => {
  const login = await lend();
  expect(JSON.parse(readFileSync(copyOf(), "utf8"))).toEqual(OLD);
  expect(statSync(copyOf()).mode & 0o777).toBe(0o600);
  expect(login.renewals).toMatchObject({ hosts: ["login.example.com"], path: "/token" });
  expect(login.secrets()).toEqual(["old-access-token", "old-refresh-token"]);
  expect(await login.end()).toEqual([]);
  expect(existsSync(copyOf())).toBe(false);
  expect(kept()).toEqual(OLD);
});

describe("what the vendor issues", () => {
  test("to the lent token gets into the user's file at once, and nothing else of it changes", async () => {
    chmodSync(source, 0o640);
    const login = await lend();
    login.take("old-refresh-token", { ...FIRST, expires_in: 60 });
    expect(kept()).toEqual(withTokens(FIRST, NOW_MS + 60_000));
    expect(statSync(source).mode & 0o777).toBe(0o640);
    expect(login.secrets()).toEqual(expect.arrayContaining(Object.values(FIRST)));
    expect(await login.end()).toEqual([]);
  });

  test("to a successor does too, and to the token before it as well", async () => {
    const login = await lend();
    login.take("old-refresh-token", FIRST);
    login.take("first-refresh-token", SECOND);
    expect(kept()).toEqual(withTokens(SECOND, 1));
    // Two processes of the agent may renew at once; the vendor has accepted both.
    login.take("old-refresh-token", { access_token: "third-access-token" });
    expect(kept()).toEqual(withTokens({ ...SECOND, access_token: "third-access-token" }, 1));
    expect(await login.end()).toEqual([]);
  });

  test.each([
    ["another token", "own-refresh-token"],
    ["no token", null],
  ])("to %s is dropped", async (_, presented) => {
    const login = await lend();
    login.take(presented, FIRST);
    login.take("first-refresh-token", SECOND);
    expect(kept()).toEqual(OLD);
    const [said] = await login.end();
    expect(said).toMatchObject({ kind: "login-foreign", observed: { count: 2 } });
    expect(said?.action).not.toMatch(/refresh-token|access-token/u);
    expect(login.secrets()).toEqual(expect.arrayContaining(Object.values(SECOND)));
  });
});

describe("what the vendor issues to the lent token", () => {
  test("is dropped if the user has logged in again", async () => {
    const login = await lend();
    const own = { login: { access: "own-access-token", refresh: "own-refresh-token", until: 3 } };
    writeFileSync(source, JSON.stringify(own));
    login.take("old-refresh-token", FIRST);
    expect(kept()).toEqual(own);
    expect(kindsOf(await login.end())).toEqual(["login-changed"]);
  });

  test("is said if it can't be written, or if there is nothing", async () => {
    const login = await lend();
    login.take("old-refresh-token", null, 400);
    login.take("old-refresh-token", null, 200);
    login.take("own-refresh-token", null, 400);
    rmSync(source);
    mkdirSync(source);
    login.take("old-refresh-token", FIRST);
    expect(kindsOf(await login.end())).toEqual([
      "login-refused",
      "login-unusable",
      "login-unwritten",
    ]);
  });

  test("keeps the lines and the indents of the user's file", async () => {
    writeFileSync(source, `${JSON.stringify(OLD, null, 4)}\n`);
    const login = await lend();
    login.take("old-refresh-token", FIRST);
    const after = `${JSON.stringify(withTokens(FIRST, 1), null, 4)}\n`;
    expect(readFileSync(source, "utf8")).toBe(after);
    await login.end();
  });

  test("follows a link of the user's to the file, and no link that came later", async () => {
    const real = path.join(folder, "real.json");
    renameSync(source, real);
    symlinkSync(real, source);
    const login = await lend();
    login.take("old-refresh-token", FIRST);
    expect(JSON.parse(readFileSync(real, "utf8"))).toEqual(withTokens(FIRST, 1));
    const other = path.join(folder, "other.json");
    renameSync(real, other);
    symlinkSync(other, real);
    login.take("first-refresh-token", SECOND);
    expect(JSON.parse(readFileSync(other, "utf8"))).toEqual(withTokens(FIRST, 1));
    expect(kindsOf(await login.end())).toEqual(["login-unwritten"]);
  });
});

const HUGE_BYTES = 4 * 1024 ** 4;

describe("what the agent writes", () => {
  test("into its copy decides nothing, and other tokens are said", async () => {
    const login = await lend();
    const swapped = {
      login: { ...OLD.login, access: "own-access-token", refresh: "own-refresh-token" },
    };
    writeFileSync(copyOf(), JSON.stringify(swapped));
    expect(kindsOf(await login.end())).toEqual(["login-swapped"]);
    expect(kept()).toEqual(OLD);
  });

  test.each<[string, (copy: string) => void]>([
    ["what it has renewed", (copy) => writeFileSync(copy, JSON.stringify(withTokens(FIRST, 2)))],
    ["no tokens", (copy) => writeFileSync(copy, '{"login":{"access":"","refresh":""}}')],
    ["something that is no JSON", (copy) => writeFileSync(copy, "{")],
    ["60,000 levels", (copy) => writeFileSync(copy, "[".repeat(60_000) + "]".repeat(60_000))],
    ["nothing", (copy) => rmSync(copy)],
  ])("may be %s", async (_, write) => {
    const login = await lend();
    login.take("old-refresh-token", FIRST);
    write(copyOf());
    expect(await login.end()).toEqual([]);
    expect(existsSync(copyOf())).toBe(false);
    expect(kept()).toEqual(withTokens(FIRST, 1));
  });
});

describe("something else in the place of its copy", () => {
  test.each<[string, string, (copy: string) => void]>([
    ["a sparse file of 4 TB", "1 too large", (copy) => truncateSync(copy, HUGE_BYTES)],
    [
      "a link",
      "1 neither file, folder nor link",
      (copy) => {
        rmSync(copy);
        symlinkSync(source, copy);
      },
    ],
  ])("may be %s", async (_, said, write) => {
    const login = await lend();
    write(copyOf());
    const action = `The copy of the log-in was not read: ${said} (${NAME}).`;
    expect(await login.end()).toMatchObject([{ kind: "left-out", action }]);
    expect(existsSync(copyOf())).toBe(false);
    expect(kept()).toEqual(OLD);
  });
});

test.each<[string, (own: string) => void]>([
  [
    "a folder",
    (copy) => {
      rmSync(copy);
      mkdirSync(copy);
    },
  ],
  [
    "another name of the user's file",
    (copy) => {
      rmSync(copy);
      linkSync(source, copy);
    },
  ],
  [
    "a link to the user's home",
    (copy) => {
      rmSync(path.join(folder, "home"), { recursive: true });
      mkdirSync(path.join(folder, "user/.client"), { recursive: true });
      renameSync(source, path.join(folder, "user", NAME));
      symlinkSync(path.join(folder, "user", NAME), source);
      symlinkSync(path.join(folder, "user"), path.dirname(path.dirname(copy)));
    },
  ],
  [
    "a link to the user's folder",
    (copy) => {
      rmSync(path.dirname(copy), { recursive: true });
      mkdirSync(path.join(folder, "user"));
      renameSync(source, path.join(folder, "user/credentials.json"));
      symlinkSync(path.join(folder, "user/credentials.json"), source);
      symlinkSync(path.join(folder, "user"), path.dirname(copy));
    },
  ],
])("%s in the place of its copy leaves the user's file alone", async (_, put) => {
  const login = await lend();
  put(copyOf());
  await login.end();
  expect(kept()).toEqual(OLD);
});

test("a second attempt waits, and gets what the first has renewed", async () => {
  const first = await lend("one");
  const second = lend("two");
  first.take("old-refresh-token", FIRST);
  expect(existsSync(copyOf("two"))).toBe(false);
  await first.end();
  const lent = await second;
  expect(JSON.parse(readFileSync(copyOf("two"), "utf8"))).toEqual(withTokens(FIRST, 1));
  await lent.end();
});
