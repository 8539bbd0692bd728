import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { type Cell, EXPERIMENT, registered } from "../../ledger/views/test-support/sample-rows.ts";
import { buildDocument } from "../document/build-document.ts";
import { networkLines } from "../document/network-lines.ts";
import { previewDocument } from "../document/preview-document.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTerminal } from "./render-terminal.ts";

const CELL: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };

/** The sample experiment, with the network of its windows, its registered network, and more rows. */
async function reportOf(
  networks: readonly (string | undefined)[],
  { network, more = [] }: { readonly network?: unknown; readonly more?: readonly Filed[] } = {},
) {
  let window = 0;
  const rows = rowsOf(FOUR_PAIRS).map(([file, row]): Filed => {
    if (row.record === "experiment_registered" && network !== undefined) {
      return [file, registered({ registration: { ...Object(row["registration"]), network } })];
    }
    if (row.record !== "window_finalized") return [file, row];
    const held = networks[window % networks.length];
    window += 1;
    return [file, held === undefined ? row : { ...row, network: held }];
  });
  return buildReport(await viewOf([...rows, ...more]));
}

function connection(record: string, host: string, fields: object = {}): Filed {
  const key = { ...CELL, experiment_id: EXPERIMENT, attempt: 1, replicate: 1 };
  return ["proxy_telemetry", { record, ...key, host, port: 443, count: 1, ...fields }];
}

const blockedLineOf = (text: string) =>
  text.split("\n").find((one) => one.includes("Blocked")) ?? "";

describe("the lines about the network", () => {
  it.each([
    [["closed"], "Blocked connections: 0"],
    [["unlimited"], "Blocked connections: not counted, because no agent ran in a sandbox"],
    [[undefined], "Blocked connections: not counted, because no agent ran in a sandbox"],
    [
      ["closed", "unlimited"],
      "Blocked connections: 0; not counted in 4 of 8 windows, which had no sandbox",
    ],
  ])("with windows of %j", async (networks, line) => {
    expect(networkLines(await reportOf(networks))).toStrictEqual([line]);
  });

  it("lists what was refused, the most frequent first, over all attempts", async () => {
    const more = [
      connection("blocked_connection", "a.example"),
      connection("blocked_connection", "b.example", { count: 2 }),
      connection("blocked_connection", "b.example", { attempt: 2 }),
    ];
    const report = await reportOf(["closed"], { more });
    expect(networkLines(report)).toStrictEqual([
      "Blocked connections: 4 (base: b.example:443 3 times, a.example:443)",
    ]);
    const short = networkLines(report, 1);
    expect(short).toStrictEqual(["Blocked connections: 4 (base: b.example:443 3 times, 1 more)"]);
  });

  it("names an open network, and the hosts of a named one with their traffic", async () => {
    expect(networkLines(await reportOf(["open"], { network: "open" }))[0]).toBe(
      "Network: open by choice, agents could reach every public host",
    );
    const more = [
      connection("tunnelled_connection", "a.example", {
        count: 3,
        bytes_sent: 1200,
        bytes_received: 34,
      }),
    ];
    const network = { allow: ["a.example", "*.b.example"] };
    expect(networkLines(await reportOf(["allowed-hosts"], { network, more }))).toStrictEqual([
      "Network: agents could reach a.example, *.b.example",
      "Blocked connections: 0",
      "Tunnelled connections: 3 (base: a.example:443 3 times), 1,200 bytes sent, 34 received",
    ]);
  });

  it("makes the name of a host harmless in every format", async () => {
    const report = await reportOf(["closed"], {
      more: [connection("blocked_connection", "x|\u001B[31m\n# y")],
    });
    expect(blockedLineOf(renderMarkdown(buildDocument(report)))).toContain("x\\|");
    for (const text of [
      renderMarkdown(buildDocument(report)),
      renderTerminal(previewDocument(report)),
    ]) {
      expect(blockedLineOf(text)).toContain("y:443");
      expect(text).not.toContain("\u001B[31m");
    }
  });
});

const KEY = { ...CELL, window: "W0-09", experiment_id: EXPERIMENT, attempt: 1, replicate: 1 };
const OPENED: Filed = [
  "windows",
  {
    record: "window_opened",
    ...KEY,
    session_id: "s",
    executed_order: 9,
    marker: "m",
    workspace: null,
  },
];
const KILLED: Filed = [
  "windows",
  {
    record: "window_interrupted",
    ...KEY,
    outcome: "interrupted",
    reason: "The harness was gone before the attempt ended.",
    usage: { requests: 0 },
    cost: { measure: "tokens", amount: 0, is_lower_bound: true },
    is_recovered: true,
  },
];

describe("the line about blocked connections", () => {
  it.each([
    ["an attempt that was killed", [OPENED, KILLED]],
    ["an attempt without an end", [OPENED]],
  ])("does not know the count of %s", async (_, more) => {
    const unknown = "unknown in 1 attempt whose end the harness did not see";
    expect(networkLines(await reportOf(["closed"], { more }))).toStrictEqual([
      `Blocked connections: 0 in all others; ${unknown}`,
    ]);
    expect(networkLines(await reportOf([undefined], { more }))).toStrictEqual([
      `Blocked connections: ${unknown}`,
    ]);
  });
});
