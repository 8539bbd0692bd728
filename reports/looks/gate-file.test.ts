import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { MANUAL_EXPERIMENT } from "../../ledger/domain/design.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { manualClock } from "../../ledger/store/test-support/manual-clock.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { createSampleLedger, sampleId } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  EXPERIMENT,
  registered,
  registration,
} from "../../ledger/views/test-support/sample-rows.ts";
import {
  DEFAULT_GATES,
  GATE_POLICIES,
  GateFile,
  gateFileJsonSchema,
  gateFileSha256,
  readRecordedGates,
} from "./gate-file.ts";
import { byPolicy, optionsOf, reaches, staysWithin } from "./thresholds.ts";

/** Canonical JSON (RFC 8785) of the default thresholds, written out. */
const DEFAULT_TEXT =
  '{"alpha":0.05,"backlog_min":2,"ci_width_max":0.3,"cost_target":2,"error_margin":0.02,' +
  '"latency_margin":1.3,"min_pairs":3,"min_windows":3,"policy":"standard","power_min":0.8,' +
  '"quality_min":0.8,"srm_threshold":0.001,"version":1}';

it("hashes the values of a gate file, those that it leaves out included", () => {
  const expected = createHash("sha256").update(DEFAULT_TEXT).digest("hex");
  expect(gateFileSha256(DEFAULT_GATES)).toBe(expected);
  expect(gateFileSha256(GateFile.parse({ version: 1, cost_target: 2 }))).toBe(expected);
});

it.each<Partial<GateFile>>([
  { alpha: 0.01 },
  { min_windows: 4 },
  { min_pairs: 4 },
  { ci_width_max: 0.4 },
  { power_min: 0.9 },
  { quality_min: 0.9 },
  { cost_target: 3 },
  { error_margin: 0.01 },
  { latency_margin: 1.2 },
  { backlog_min: 3 },
  { srm_threshold: 0.01 },
  { policy: "strict" },
])("hashes the threshold %o", (change) => {
  const text = JSON.stringify(
    Object.fromEntries(
      Object.entries({ ...DEFAULT_GATES, ...change }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  const expected = createHash("sha256").update(text).digest("hex");
  expect(gateFileSha256({ ...DEFAULT_GATES, ...change })).toBe(expected);
  expect(expected).not.toBe(gateFileSha256(DEFAULT_GATES));
});

it("gives another threshold another hash", () => {
  const other = GateFile.parse({ version: 1, cost_target: 4 });
  expect(gateFileSha256(other)).not.toBe(gateFileSha256(DEFAULT_GATES));
});

function isAccepted(change: Readonly<Record<string, unknown>>): boolean {
  return GateFile.safeParse({ version: 1, ...change }).success;
}

describe("a gate file", () => {
  it.each([
    [{ alpha: 0.499 }, { alpha: 0.5 }],
    [{ alpha: 1e-9 }, { alpha: 0 }],
    [{ min_windows: 1 }, { min_windows: 0 }],
    [{ min_windows: 10_000 }, { min_windows: 10_001 }],
    [{ min_pairs: 4 }, { min_pairs: 3.5 }],
    [{ ci_width_max: 1e-9 }, { ci_width_max: 0 }],
    [{ power_min: 1 }, { power_min: 1.001 }],
    [{ quality_min: 1e-9 }, { quality_min: 0 }],
    [{ cost_target: 1.001 }, { cost_target: 1 }],
    [{ error_margin: 0 }, { error_margin: -0.001 }],
    [{ error_margin: 0.999 }, { error_margin: 1 }],
    [{ latency_margin: 1 }, { latency_margin: 0.999 }],
    [{ backlog_min: 1 }, { backlog_min: 0 }],
    [{ srm_threshold: 1e-9 }, { srm_threshold: 0 }],
    [{ srm_threshold: 0.499 }, { srm_threshold: 0.5 }],
    [{ policy: "literal" }, { policy: "loose" }],
    [{ policy: "strict" }, { version: 2 }],
    [{}, { alpah: 0.05 }],
  ])("accepts %o and refuses %o", (accepted, refused) => {
    expect(isAccepted(accepted)).toBe(true);
    expect(isAccepted(refused)).toBe(false);
  });
});

describe("the values of a gate file", () => {
  it("need a version alone", () => {
    expect(gateFileJsonSchema()).toMatchObject({ type: "object", required: ["version"] });
  });

  it("gives the analyses their thresholds", () => {
    const gates: GateFile = {
      ...DEFAULT_GATES,
      alpha: 0.01,
      cost_target: 3,
      quality_min: 0.7,
      error_margin: 0.03,
      min_pairs: 5,
      ci_width_max: 0.4,
      power_min: 0.9,
    };
    expect(optionsOf(gates)).toEqual({
      alpha: 0.01,
      costTarget: 3,
      qualityMin: 0.7,
      errorMargin: 0.03,
      minPairs: 5,
      ciWidthMax: 0.4,
      powerMin: 0.9,
    });
  });

  it("has three policies", () => {
    expect(GATE_POLICIES).toEqual(["literal", "standard", "strict"]);
    expect(byPolicy((policy) => `as ${policy}`)).toEqual({
      literal: "as literal",
      standard: "as standard",
      strict: "as strict",
    });
  });
});

it("counts a threshold in, with a slack of 1e-12 that counts too", () => {
  expect(reaches(2 - 1e-12, 2)).toBe(true);
  expect(reaches(2 - 2e-12, 2)).toBe(false);
  expect(staysWithin(2 + 1e-12, 2)).toBe(true);
  expect(staysWithin(2 + 2e-12, 2)).toBe(false);
  // JavaScript takes null as 0 in a comparison.
  expect([reaches(null, -1), staysWithin(null, 1)]).toEqual([false, false]);
});

type Given = readonly (readonly [LedgerFile, NewRow])[];

/** The gates on record in a ledger whose rows are a second, or this time, apart. */
async function recordedIn(rows: Given, experimentId = EXPERIMENT, apartMs = 1000) {
  const clock = manualClock();
  const store = createSampleLedger(clock);
  for (const [file, row] of rows) {
    await store.append(file, [{ ...row, experiment_id: experimentId }]);
    clock.advance(apartMs);
  }
  const { registered: frozen, amendments } = readRecordedGates(
    openExperimentView(store, experimentId),
  );
  return [frozen.cost_target, amendments.map((one) => one.cost_target)];
}

function gatesOf(cost_target: number) {
  return { ...DEFAULT_GATES, cost_target };
}

function amended(gates: unknown): Given[number] {
  return [
    "experiments",
    { record: "experiment_amended", experiment_id: EXPERIMENT, amended: { gates } },
  ];
}

/** Undoes the nth row. */
function undo(place: number): Given[number] {
  return ["experiments", { record: "row_undone", undoes: sampleId(place) }];
}

function frozenWith(gates: unknown): Given[number] {
  return ["experiments", registered({ registration: registration({ gates }) })];
}

const DECISION: Given[number] = [
  "decisions",
  {
    record: "decision_made",
    experiment_id: EXPERIMENT,
    candidate: "cand",
    look: null,
    gates_sha256: "0".repeat(64),
    gates_version: 1,
    policy: "standard",
    verdict: "hold",
    g1: false,
    g2: false,
    g3: false,
    reasons: [],
    policies: {
      literal: { verdict: "hold", reasons: [] },
      standard: { verdict: "hold", reasons: [] },
      strict: { verdict: "hold", reasons: [] },
    },
    backlog_ready_blocked: 0,
    stopped: [],
    seat: null,
  },
];

describe("the gates on record", () => {
  it.each<readonly [string, Given, readonly [number, readonly number[]]]>([
    ["the defaults without a row", [], [2, []]],
    ["those of the registration", [frozenWith(gatesOf(5))], [5, []]],
    ["with the hash that a row adds", [frozenWith({ ...gatesOf(5), sha256: "0" })], [5, []]],
    ["the defaults if they are no object", [frozenWith("none")], [2, []]],
    ["the defaults if they are null", [frozenWith(null)], [2, []]],
    ["the defaults if they can't be read", [frozenWith({ version: 9 })], [2, []]],
    [
      "the registered ones whatever was amended, oldest first",
      [frozenWith(gatesOf(5)), amended(gatesOf(6)), amended(null), amended(gatesOf(4))],
      [5, [6, 4]],
    ],
    ["the defaults, if gates were only amended", [registeredRow(), amended(gatesOf(6))], [2, [6]]],
  ])("are %s", async (_, rows, expected) => {
    expect(await recordedIn(rows)).toEqual(expected);
  });

  it.each<readonly [string, Given, readonly [number, readonly number[]]]>([
    ["the defaults at first", [], [2, []]],
    ["the first amendment", [amended(gatesOf(6)), amended(gatesOf(4))], [6, [6, 4]]],
    ["that one, if it came before a decision", [amended(gatesOf(6)), DECISION], [6, [6]]],
    ["the defaults, if a decision came first", [DECISION, amended(gatesOf(6)), DECISION], [2, [6]]],
    ["the defaults, if there are decisions alone", [DECISION], [2, []]],
  ])("of manual windows are %s", async (_, rows, expected) => {
    expect(await recordedIn(rows, MANUAL_EXPERIMENT)).toEqual(expected);
  });
});

it("keeps the place of an amendment that counts again", async () => {
  const rows = [amended(gatesOf(6)), amended(gatesOf(4))];
  expect(await recordedIn([...rows, undo(1)])).toEqual([2, [4]]);
  expect(await recordedIn([...rows, undo(1), undo(3)])).toEqual([2, [6, 4]]);
});

it("takes an amendment that was written with a decision as the gates of that decision", async () => {
  const rows = [DECISION, amended(gatesOf(6))];
  expect(await recordedIn(rows, MANUAL_EXPERIMENT, 0)).toEqual([6, [6]]);
});

function registeredRow(): Given[number] {
  return ["experiments", registered()];
}
