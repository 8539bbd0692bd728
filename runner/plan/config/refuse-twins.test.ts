import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { refuseTwins } from "./refuse-twins.ts";

const ONE = { driver: "builtin-agent", model: "m", upstream: "gateway" };
const COMMAND = {
  driver: "command",
  model: "m",
  upstream: "gateway",
  command: ["agent", "--fast"],
};
const GATEWAY = { base_url: "https://gateway.example.com", auth: "env GATEWAY_KEY" };
const FILE = {
  upstreams: {
    gateway: GATEWAY,
    again: GATEWAY,
    elsewhere: { ...GATEWAY, base_url: "https://elsewhere.example.com" },
    slower: { ...GATEWAY, requests_per_s: 1 },
  },
  routes: {
    half: [{ when: { share: 0.5 }, to: "elsewhere" }],
    "half-again": [{ when: { share: 0.5 }, to: "elsewhere" }],
    third: [{ when: { share: 0.3 }, to: "elsewhere" }],
  },
};

function check(
  providers: Readonly<Record<string, object>>,
  options: { readonly aa?: boolean } = {},
): void {
  const cwd = mkdtempSync(path.join(tmpdir(), "twins-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(path.join(cwd, "experiment.yaml"), stringify({ providers, ...FILE }));
  refuseTwins(loadConfiguration(options, { ...processEnvironment(), cwd }));
}

test.each([
  ["their names alone", ONE, ONE],
  ["the label of the vendor", ONE, { ...ONE, vendor: "other" }],
  ["how many windows run at once", ONE, { ...ONE, windows: 4 }],
  ["the name of an upstream with the same address", ONE, { ...ONE, upstream: "again" }],
  ["a default that one of them writes", ONE, { ...ONE, dialect: "anthropic-messages" }],
  ["the name of a route", { ...ONE, routes: ["half"] }, { ...ONE, routes: ["half-again"] }],
])("providers that differ in %s are refused", (_difference, first, second) => {
  expect(() => check({ first, second })).toThrow(
    /experiment\.yaml:\d+: expected "providers\.second" to differ from "providers\.first", .*experiment run --aa/u,
  );
});

test.each([
  ["the model", ONE, { ...ONE, model: "n" }],
  ["the driver", ONE, { ...ONE, driver: "claude-code" }],
  ["the API", ONE, { ...ONE, dialect: "openai-chat" }],
  ["the address", ONE, { ...ONE, upstream: "elsewhere" }],
  ["the pace of the upstream", ONE, { ...ONE, upstream: "slower" }],
  ["the credential", ONE, { ...ONE, auth: "env OTHER_KEY" }],
  ["the workflow", ONE, { ...ONE, workflow: "team" }],
  ["having a route", ONE, { ...ONE, routes: ["half"] }],
  ["a route's rule", { ...ONE, routes: ["half"] }, { ...ONE, routes: ["third"] }],
  ["the arguments", COMMAND, { ...COMMAND, command: ["agent", "--slow"] }],
])("providers that differ in %s are compared", (_difference, first, second) => {
  expect(() => check({ first, second })).not.toThrow();
});

test("any two of several are compared with each other", () => {
  const other = { ...ONE, model: "n" };
  expect(() => check({ first: ONE, second: other, third: other })).toThrow(
    /expected "providers\.third" to differ from "providers\.second"/u,
  );
});

test("the baseline may be compared with itself", () => {
  expect(() => check({ first: ONE, second: ONE }, { aa: true })).not.toThrow();
});
