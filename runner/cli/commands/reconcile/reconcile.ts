import { designOf, MANUAL_EXPERIMENT } from "../../../../ledger/domain/design.ts";
import { sumUsage } from "../../../../ledger/domain/usage.ts";
import { COMPARED_CLASSES, tokensOf } from "../../../../ledger/invariants/reconcile.ts";
import { coversAllAgents } from "../../../../ledger/invariants/source-coverage.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { sayClass } from "../../../../reports/text/divergence-text.ts";
import { formatCount, formatPercent } from "../../../../reports/text/number-text.ts";
import { indented, plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { wrapText } from "../../../../reports/text/wrap-text.ts";
import {
  registeredExperiment,
  sayNotRecorded,
} from "../../../experiment/session/recorded-experiment.ts";
import { nameOf } from "../../../tracker/windows/manual-window.ts";
import { reconcileDriven } from "../../../tracker/windows/reconcile-driven.ts";
import {
  type ReconciledSource,
  type ReconciledWindow,
  reconcileWindows,
} from "../../../tracker/windows/reconcile-windows.ts";
import { checkWindow, unknownWindow } from "../../../tracker/windows/window-options.ts";
import { usageBySource } from "../../../tracker/windows/window-usage.ts";
import { readTracker } from "../../../tracker/windows/with-tracker.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { sayDelta } from "../../manual/show-reading.ts";
import { doneIf, doneWith } from "../../result.ts";
import type { reconcile as definition } from "./definition.ts";

/** Shows what every source says about windows, side by side. */
export const reconcile: CodeOf<typeof definition> = async (options, environment) => {
  const { window } = options;
  if (window !== undefined) checkWindow(window);
  const isNamed = (name: string) => window === undefined || name === window;
  return await readTracker(options, environment, async (tracker, ledger) => {
    const { agent, experiment = MANUAL_EXPERIMENT } = options;
    const manual = designOf(experiment).isDriven
      ? []
      : await reconcileWindows(
          tracker,
          [...usageBySource(ledger).values()].filter(
            ({ key }) => isNamed(key.window) && (agent === undefined || key.agent === agent),
          ),
        );
    const experimentId = agent === undefined ? registeredExperiment(ledger, options) : undefined;
    const view = experimentId === undefined ? null : openExperimentView(ledger, experimentId);
    const driven = view === null ? [] : reconcileDriven(view, isNamed);
    const windows = [...manual, ...driven];
    if (window !== undefined && windows.length === 0) {
      refuseUnknown(window, [tracker.ledger.view, ...(view === null ? [] : [view])]);
    }
    const isDivergent = windows.some(({ sources }) => sources.some(differs));
    if (isDivergent && tracker.store.readOnly !== undefined) {
      sayNotRecorded("this command records no divergence", environment);
    }
    const text = () => say(windows, columnsOf(environment));
    return doneIf(!isDivergent, doneWith(options, windows.map(toJson), text));
  });
};

/** A window without a count of tokens may have readings, or not have ended. */
function refuseUnknown(window: string, views: readonly ExperimentView[]): void {
  const isKnown = views.some((view) =>
    gatherEvidence(view).windows.some(({ line }) => line.window === window),
  );
  if (!isKnown) throw unknownWindow(window);
}

function say(windows: readonly ReconciledWindow[], columns?: number): string {
  if (windows.length === 0) {
    return "No window has a count of tokens. Read some with: experiment ingest …";
  }
  return windows.map((window) => sayWindow(window, columns)).join("\n\n");
}

const HEAD = [
  "SOURCE",
  "DIFFERENCE",
  "TOTAL",
  "INPUT",
  "OUTPUT",
  "CACHE READ",
  "CACHE WRITE",
  "REASONING",
];

function sayWindow(
  { key, reference, sources, capacity }: ReconciledWindow,
  columns?: number,
): string {
  const rows = sources.map((one) => {
    const classes = new Map(COMPARED_CLASSES.map((name) => [name, tokensIn(one, name)]));
    const shown = (
      ["input_uncached", "output", "cache_read", "cache_write", "reasoning"] as const
    ).map((name) => formatCount(classes.get(name) ?? null));
    return [toPlainLine(one.source), sayDifference(one), formatCount(totalOf(one)), ...shown];
  });
  const counted = sources.find(({ comparison }) => comparison === null);
  const differences = sources.flatMap(sayClasses);
  const notes = sources.flatMap((one) => (counted === undefined ? [] : notesOn(one, counted)));
  const meters = capacity.map((delta) => `  meter ${sayDelta(delta)}, which is not compared`);
  return [
    `${toPlainLine(nameOf(key))}: it counts by ${toPlainLine(reference)}.`,
    plainTable([HEAD, ...rows], { columns }),
    ...[...differences, ...new Set(notes)].flatMap((note) =>
      wrapText(toPlainLine(note), indented(columns) ?? Infinity).map((line) => `  ${line}`),
    ),
    ...meters,
  ].join("\n");
}

function sayDifference({ comparison }: ReconciledSource): string {
  if (comparison === null) return "counts";
  const { reference, source, difference, isDivergent } = comparison;
  if (difference === null) return isDivergent ? "DIVERGENT" : "not compared";
  if (reference === 0 && source === 0) return isDivergent ? "DIVERGENT" : "none";
  return sayShare(difference, isDivergent);
}

/** The difference of each class that both sources state. */
function sayClasses({ source, comparison }: ReconciledSource): readonly string[] {
  if (comparison === null || comparison.classes.length === 0) return [];
  const classes = comparison.classes.map((one) => {
    const said = `${sayClass(one.class)} ${sayShare(one.difference, one.isDivergent)}`;
    const counts = `${formatCount(one.source)} for ${formatCount(one.reference)}`;
    return one.isDivergent ? `${said} (${counts})` : said;
  });
  return [`${source} by class: ${classes.join(", ")}`];
}

function sayShare(difference: number, isDivergent: boolean): string {
  const sign = difference > 0 ? "+" : "";
  return `${sign}${formatPercent(difference)}${isDivergent ? " DIVERGENT" : ""}`;
}

/** Why less was compared than all classes of all agents. */
function notesOn(one: ReconciledSource, counted: ReconciledSource): readonly string[] {
  if (one.comparison === null) return [];
  const { lane } = one.comparison;
  if (lane === null) {
    return [`${one.source} and ${counted.source} cover different agents: they are not compared.`];
  }
  const partial = lane === "main" ? [one, counted].filter((said) => !coversAllAgents(said)) : [];
  const undivided = [one, counted].filter(({ isInputUndivided }) => isInputUndivided === true);
  return [
    ...partial.map(
      ({ source }) => `${source} leaves sub-agents out: only the main agent is compared.`,
    ),
    ...undivided.map(
      ({ source }) =>
        `${source} does not divide its input: input and cache are compared as one sum.`,
    ),
  ];
}

function differs({ comparison }: ReconciledSource): boolean {
  return comparison?.isDivergent === true;
}

function tokensIn({ lanes }: ReconciledSource, name: (typeof COMPARED_CLASSES)[number]) {
  return tokensOf(sumUsage([...lanes.values()]), name);
}

function totalOf(one: ReconciledSource): number {
  return COMPARED_CLASSES.filter((name) => name !== "reasoning")
    .map((name) => tokensIn(one, name) ?? 0)
    .reduce((sum, tokens) => sum + tokens, 0);
}

function toJson({ key, reference, sources, capacity }: ReconciledWindow) {
  return {
    ...key,
    reference,
    sources: sources.map(({ source, lanes, isInputUndivided, comparison }) => ({
      source,
      lanes: Object.fromEntries(lanes),
      ...(isInputUndivided === true ? { input_undivided: true } : {}),
      comparison,
    })),
    capacity,
  };
}
