import type { LookFact } from "../../ledger/views/experiment-fact.ts";
import type { AnswerInput } from "../answer/answer-input.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { type CandidateData, countProtocolViolations } from "../evidence/resolved-pairs.ts";
import { distinctLooks } from "../gate/decide-gate.ts";
import { DEFAULT_GATES, GateFile } from "../looks/gate-file.ts";
import { dataOf, looksBefore } from "../looks/take-looks.ts";
import { gatherInput } from "../report/answer-candidates.ts";
import type { GateReport } from "../report/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import type {
  AnswerInputs,
  CandidateLooks,
  CountedData,
  LookData,
  VerdictData,
} from "./page-data.ts";

/** The gates read the last two distinct looks. */
const LOOKS_THAT_COUNT = 2;

/** A look with windows that the ledger no longer holds can't be taken again. */
class LookLostError extends Error {}

/** What a browser needs to compute the printed answers and the printed verdict again. */
export function collectVerdict(evidence: Evidence, report: ReportData): VerdictData {
  const { asked, design, registration } = evidence;
  const named = (read: (task: (typeof registration.tasks)[number]) => string | null) =>
    Object.fromEntries(registration.tasks.map((task) => [task.id, read(task)] as const));
  const collection = new Collection(evidence, report);
  const answers = report.answers.map(({ candidate }) => collection.answer(candidate));
  const gates = GateFile.safeParse(report.gate?.gates.thresholds).data ?? DEFAULT_GATES;
  return {
    baseline: asked.baseline ?? "",
    rootSeed: asked.seed ?? "",
    features: collection.features,
    families: known(named(({ family }) => family)),
    repositories: known(named(({ repository }) => repository)),
    costCap: collection.costCap,
    answers,
    gates,
    registered: asked.candidates.length,
    isComparable: asked.is_cost_comparable,
    isRegistered: design.isRegistered,
    ...collection.gate(report.gate),
  };
}

function known(names: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const entries = Object.entries(names).flatMap(([id, name]) =>
    name === null ? [] : [[id, name]],
  );
  return Object.fromEntries(entries);
}

type GatePart = Pick<VerdictData, "none" | "looks" | "candidates">;

class Collection {
  readonly features: readonly string[];
  costCap: number | null = null;
  readonly #evidence: Evidence;
  readonly #report: ReportData;
  readonly #places: ReadonlyMap<string, number>;
  readonly #featurePlaces: ReadonlyMap<string, number>;
  readonly #looks: LookData[] = [];
  readonly #lookPlaces = new Map<string, number>();

  constructor(evidence: Evidence, report: ReportData) {
    this.#evidence = evidence;
    this.#report = report;
    this.features = [...new Set(evidence.windows.map(({ line }) => line.feature_id))];
    this.#featurePlaces = new Map(this.features.map((feature, place) => [feature, place]));
    this.#places = new Map(
      evidence.windows.flatMap(({ line }, place) =>
        line.state === "valid" ? [[placeKey(line), place] as const] : [],
      ),
    );
  }

  answer(candidate: string): AnswerInputs {
    const { is_scripted: isScripted, gate, dollars, budgets } = this.#report;
    const sources = { isScripted, gate, dollars, budgets };
    const { data, missing, attempts, ...others } = gatherInput(this.#evidence, candidate, sources);
    const { windows } = data;
    return {
      ...others,
      data: this.#pack({ ...data, candidate }),
      missing: { ...countsOf(missing), added: missing.windows.slice(windows.length) },
      attempts: {
        ...countsOf(attempts),
        costs: attempts.windows.flatMap(({ cost }, place) =>
          cost === windows[place]?.cost ? [] : [[place, cost] as const],
        ),
      },
    };
  }

  gate(gate: GateReport | null): GatePart {
    const nothing = { looks: [], candidates: [] };
    if (gate === null) return { none: "No decision has been recorded yet.", ...nothing };
    try {
      const candidates = gate.candidates.map((one) => this.#candidate(one, gate));
      return { none: null, looks: this.#looks, candidates };
    } catch (error) {
      if (!(error instanceof LookLostError)) throw error;
      return { none: "The windows have changed since the last look.", ...nothing };
    }
  }

  #candidate(
    { candidate, verdict, figures, holds }: GateReport["candidates"][number],
    gate: GateReport,
  ): CandidateLooks {
    const evidence = this.#evidence;
    const recorded = looksAt(evidence.view, candidate);
    const facts = distinctLooks(
      recorded.map((fact) => ({ fact, fingerprint: fact.look.fingerprint })),
    ).slice(-LOOKS_THAT_COUNT);
    return {
      candidate,
      looks: facts.map(({ fact }) => ({
        own: this.#look(fact),
        others: looksBefore(evidence, fact).map((other) => this.#look(other)),
      })),
      state: {
        backlogReadyBlocked: gate.backlog_ready_blocked,
        protocolViolations: countProtocolViolations(evidence),
        stoppedArms: this.#stopped(candidate, gate),
        held: holds.flatMap(({ hold, is_held: isHeld }) => (isHeld ? [hold] : [])),
      },
      // Figures are those of the registered thresholds.
      printed: { verdict, figures: gate.gates.is_amended ? {} : (figures ?? {}) },
    };
  }

  #stopped(candidate: string, { halted }: GateReport): readonly string[] {
    const own = [null, candidate, this.#evidence.asked.baseline];
    const arms = halted
      .filter(({ provider }) => own.includes(provider))
      .map(({ provider }) => provider ?? "experiment");
    return [...new Set(arms)].toSorted();
  }

  #look({ look }: LookFact): number {
    const key = JSON.stringify([look.candidate, look.fingerprint]);
    const place = this.#lookPlaces.get(key);
    if (place !== undefined) return place;
    const data = dataOf(this.#evidence, look);
    if (data === null) throw new LookLostError();
    const { capped, deterministicRegressions, fingerprint } = data;
    const packed = { ...this.#pack(data), capped, deterministicRegressions, fingerprint };
    const added = this.#looks.push(packed) - 1;
    this.#lookPlaces.set(key, added);
    return added;
  }

  #pack(data: Counted): CountedData {
    this.costCap = data.costCap ?? null;
    return {
      candidate: data.candidate,
      windows: data.windows.map(
        ({ feature, replicate, provider }) =>
          this.#places.get(placeKey({ feature_id: feature, replicate, provider })) ?? -1,
      ),
      schedule: (data.schedule ?? []).map((feature) => this.#featurePlaces.get(feature) ?? -1),
      unresolved: data.unresolved?.length ?? 0,
    };
  }
}

type Counted = Pick<CandidateData, "candidate" | "windows" | "schedule" | "unresolved"> & {
  readonly costCap?: number | null | undefined;
};

function countsOf({ entered, unknown }: AnswerInput["missing"]) {
  return { entered, unknown };
}

function placeKey(line: {
  readonly feature_id: string;
  readonly replicate: number;
  readonly provider: string;
}): string {
  return JSON.stringify([line.feature_id, line.replicate, line.provider]);
}
