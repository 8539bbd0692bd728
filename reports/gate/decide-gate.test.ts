import { describe, expect, it } from "vitest";

import { DEFAULT_GATES, type GateFile, type GatePolicy } from "../looks/gate-file.ts";
import type { Look } from "../looks/look.ts";
import { readOracle } from "../statistics/test-support/compare.ts";
import { decideGate, type GateDecision, type GateState } from "./decide-gate.ts";
import { stopForNegativeDeltas } from "./find-stops.ts";

interface OracleThresholds {
  readonly minWindows: number;
  readonly minPairs: number;
  readonly ciWidthMax: number;
  readonly powerMin: number;
  readonly qualityMin: number;
  readonly backlogMin: number;
  readonly policy: GatePolicy;
}

interface Oracle {
  readonly decisions: readonly {
    readonly label: string;
    readonly config: OracleThresholds;
    readonly history: readonly Look[];
    readonly state: GateState;
    readonly expected: GateDecision;
  }[];
  readonly stopRule: readonly {
    readonly negativeDelta: readonly boolean[];
    readonly expected: unknown;
  }[];
}

const { decisions, stopRule }: Oracle = readOracle("14-gates.json");

const good: Look = {
  fingerprint: "1",
  nPairs: 10,
  windowsA: 10,
  windowsB: 10,
  ciWidth: 0.2,
  zeroVariance: false,
  power: 0.9,
  qualityRatio: 1,
  criteria: {
    cost: { point: true, fixed: "confirmed", anytime: "confirmed", sign: "confirmed" },
    quality: { point: true, fixed: "confirmed", anytime: "confirmed" },
    errors: { point: true, fixed: "confirmed" },
    latency: { point: true, fixed: "confirmed" },
    deterministicRegressions: 0,
  },
};
const later: Look = { ...good, fingerprint: "2", nPairs: 11 };
const open: GateState = {
  backlogReadyBlocked: 2,
  srmAlarm: false,
  protocolViolations: 0,
  stoppedArms: [],
};

function gatesOf(config: OracleThresholds): GateFile {
  return {
    ...DEFAULT_GATES,
    min_windows: config.minWindows,
    min_pairs: config.minPairs,
    ci_width_max: config.ciWidthMax,
    power_min: config.powerMin,
    quality_min: config.qualityMin,
    backlog_min: config.backlogMin,
    policy: config.policy,
  };
}

describe("the gate", () => {
  it.each(decisions)("decides as specified: $label", ({ history, state, config, expected }) => {
    expect(decideGate(history, state, gatesOf(config))).toEqual(expected);
  });

  it("holds without any look and names all that is missing", () => {
    const { verdict, reasons } = decideGate([], open, DEFAULT_GATES);
    expect(verdict).toBe("hold");
    expect(reasons).toEqual([
      "min_windows",
      "ci_not_finite",
      "power",
      "quality_ratio",
      "cost_point",
      "quality_point",
      "errors_point",
      "latency_point",
      "cost_evidence",
    ]);
  });

  it("never counts a look at a capped window", () => {
    const capped = decideGate([good, { ...later, capped: true }], open, DEFAULT_GATES);
    expect(capped).toMatchObject({ verdict: "hold", G1: false, reasons: ["capped"] });
    const before = decideGate([{ ...good, capped: true }, later], open, DEFAULT_GATES);
    expect(before).toMatchObject({ G1: false, reasons: ["not_two_consecutive"] });
  });

  it("does not take a look at other windows but no more pairs as a second confirmation", () => {
    const replaced = { ...later, nPairs: good.nPairs };
    const decision = decideGate([good, replaced], open, DEFAULT_GATES);
    expect(decision.reasons).toEqual(["not_two_consecutive"]);
  });

  it("lists stops first, arms sorted, and still says what the gates would say", () => {
    const state = { ...open, srmAlarm: true, protocolViolations: 1, stoppedArms: ["b", "a"] };
    expect(decideGate([good, later], state, DEFAULT_GATES)).toEqual({
      verdict: "stop",
      G1: true,
      G2: true,
      G3: true,
      reasons: ["srm", "protocol_violation", "stopped:a", "stopped:b"],
    });
  });

  it.each([Infinity, null])("takes an interval width of %s as not finite", (ciWidth) => {
    const decision = decideGate([good, { ...later, ciWidth }], open, DEFAULT_GATES);
    expect(decision.reasons).toEqual(["ci_not_finite"]);
  });
});

const THREE = { ...later, windowsA: 3, windowsB: 3, nPairs: 3 };

describe("a look that qualifies", () => {
  it.each<readonly [Partial<Look>, GateDecision["reasons"]]>([
    [{}, []],
    [{ windowsA: 2 }, ["min_windows"]],
    [{ windowsB: 2 }, ["min_windows"]],
    [{ nPairs: 2 }, ["min_windows"]],
    [{ ciWidth: 0.301 }, ["ci_width"]],
    [{ ciWidth: 0.3 }, []],
    [{ power: 0.799 }, ["power"]],
    [{ qualityRatio: 0.799 }, ["quality_ratio"]],
    [{ zeroVariance: true }, ["zero_variance"]],
    [{ capped: false }, []],
  ])("is one with %o: %j", (change, reasons) => {
    const before = { ...good, nPairs: 1 };
    const { reasons: found } = decideGate([before, { ...THREE, ...change }], open, DEFAULT_GATES);
    const own = found.filter((reason) => reason !== "not_two_consecutive");
    expect(own).toEqual(reasons);
  });
});

describe("looks at the same data", () => {
  it("are one look", () => {
    const again = { ...later, nPairs: 12 };
    // Without the repeated look in between, the first and the last one follow each other.
    expect(decideGate([good, later, again], open, DEFAULT_GATES).verdict).toBe("expand");
    expect(decideGate([later, again], open, DEFAULT_GATES).reasons).toEqual([
      "not_two_consecutive",
    ]);
    // The last one of them counts.
    expect(decideGate([good, later, { ...again, power: 0 }], open, DEFAULT_GATES).reasons).toEqual([
      "power",
    ]);
    // Data that come back after others are another look.
    const back = { ...good, nPairs: 12 };
    expect(decideGate([good, later, back], open, DEFAULT_GATES).verdict).toBe("expand");
    expect(decideGate([{ ...good, power: 0 }, later, back], open, DEFAULT_GATES).G1).toBe(true);
  });
});

describe("evidence to the contrary", () => {
  it.each([
    ["cost", "fixed"],
    ["cost", "anytime"],
    ["quality", "fixed"],
    ["quality", "anytime"],
    ["errors", "fixed"],
    ["latency", "fixed"],
  ] as const)("on %s, %s, holds under standard", (name, kind) => {
    const criteria = {
      ...good.criteria,
      [name]: { ...good.criteria[name], [kind]: "contradicted" },
    };
    const { reasons } = decideGate([good, { ...later, criteria }], open, DEFAULT_GATES);
    const missing = name === "cost" && kind === "anytime" ? ["cost_evidence"] : [];
    expect(reasons).toEqual([...missing, `${name}_contradicted`]);
  });
});

function decide(policy: GatePolicy, state: GateState): GateDecision {
  return decideGate([good, later], state, { ...DEFAULT_GATES, policy });
}

describe("the holds", () => {
  const held = [
    "isolation",
    "totals_evidence",
    "carry_over",
    "attempts_cost",
    "missing_windows",
  ] as const;
  it.each([
    ["literal", []],
    ["standard", ["missing_windows", "attempts_cost", "carry_over"]],
    ["strict", ["missing_windows", "attempts_cost", "carry_over", "totals_evidence", "isolation"]],
  ] as const)("hold an experiment under %s for %j, in this order", (policy, reasons) => {
    expect(decide(policy, open).verdict).toBe("expand");
    const decision = decide(policy, { ...open, held });
    expect(decision).toMatchObject({ verdict: reasons.length > 0 ? "hold" : "expand", reasons });
  });

  it.each(held)("%s holds by itself", (name) => {
    expect(decide("strict", { ...open, held: [name] })).toMatchObject({
      verdict: "hold",
      reasons: [name],
    });
  });

  it("come before the evidence, and the strict ones after it", () => {
    const criteria = {
      ...good.criteria,
      cost: { point: false, fixed: "contradicted", anytime: "inconclusive", sign: "inconclusive" },
    } as const;
    const look = { ...later, criteria };
    expect(
      decideGate([good, look], { ...open, held }, { ...DEFAULT_GATES, policy: "strict" }).reasons,
    ).toEqual([
      "cost_point",
      "missing_windows",
      "attempts_cost",
      "carry_over",
      "cost_evidence",
      "cost_contradicted",
      "cost_sign_evidence",
      "totals_evidence",
      "isolation",
    ]);
  });
});

describe("families", () => {
  it.each([
    [2, "min_windows"],
    [3, undefined],
  ])("count for the least number of pairs: %i", (nFamilies, reason) => {
    const decision = decideGate([good, { ...later, nFamilies }], open, DEFAULT_GATES);
    expect(decision.reasons[0]).toBe(reason);
  });
});

describe("the stop rule for meters", () => {
  it.each(stopRule)("reads $negativeDelta as specified", ({ negativeDelta, expected }) => {
    expect(stopForNegativeDeltas(negativeDelta)).toEqual(expected);
  });
});
