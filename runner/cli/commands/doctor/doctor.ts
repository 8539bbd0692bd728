import { cellsOf, plainTable } from "../../../../reports/text/plain-table.ts";
import { COLUMNS, hangText } from "../../../../reports/text/wrap-text.ts";
import { checkIsolation, type TriedWall } from "../../../agents/sandbox/check-isolation.ts";
import { probeBubblewrap } from "../../../agents/sandbox/find-bubblewrap.ts";
import { openPriceBook, type PriceBook } from "../../../gateway/prices/price-book.ts";
import { SHIPPED_PRICES } from "../../../gateway/prices/shipped-prices.ts";
import { loadPriceBook } from "../../../plan/config/load-configuration.ts";
import { type Checkup, checkMachine } from "../../../plan/providers/check-machine.ts";
import type { CheckedPart } from "../../../plan/providers/checked-part.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneIf, doneWith, type Result } from "../../result.ts";
import { wholeNumber } from "../../whole-number.ts";
import type { doctor as definition } from "./definition.ts";

const WORKERS = { least: 0, most: 10_000 };

/** Checks whether an experiment could start here. No model is asked. */
export const doctor: CodeOf<typeof definition> = async (options, environment) => {
  const { isolation, workers } = options;
  if (isolation === true) return await tryIsolation(options, environment);
  const columns = columnsOf(environment) ?? COLUMNS;
  const store = await lookAtStore(workers, environment);
  if (options.store !== undefined && store !== null) {
    const say = () => describeStore(store, columns);
    return doneIf(store.is_fit, doneWith(options, store, say));
  }
  const checkup = await checkMachine(environment, pricesHere(environment));
  const isWhole = checkup.couldStart && store?.is_fit !== false;
  const data = { ...jsonOf(checkup), ...(store === null ? {} : { store }) };
  const say = () =>
    [
      describe(checkup, columns),
      ...(store === null ? [] : ["", `${store.address}:`, describeStore(store, columns)]),
    ].join("\n");
  return doneIf(isWhole, doneWith(options, data, say));
};

/** A configuration that can't be read is no fault of the machine. */
function pricesHere(environment: Environment): PriceBook {
  try {
    return loadPriceBook({}, environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return openPriceBook({ own: null, shipped: SHIPPED_PRICES });
  }
}

function jsonOf({ couldStart, parts }: Checkup) {
  return { could_start: couldStart, parts };
}

const MARKS = { ok: "yes", optional: "no", missing: "NO" } as const;

function describe({ couldStart, parts }: Checkup, columns: number): string {
  return describeParts(parts, sayStart(couldStart, parts), columns);
}

function describeParts(parts: readonly CheckedPart[], end: string, columns: number): string {
  const todo = parts.filter(({ mend }) => mend !== null);
  return [
    plainTable(
      cellsOf(parts, {
        PART: ({ part }) => part,
        READY: ({ state }) => MARKS[state],
        FOUND: ({ found }) => found,
      }),
      { columns, wrap: "FOUND" },
    ),
    "",
    ...todo.map(({ part, mend }) => hangText(`${part}: ${String(mend)}`, columns)),
    ...(todo.length === 0 ? [] : [""]),
    hangText(end, columns),
  ].join("\n");
}

function sayStart(couldStart: boolean, parts: readonly CheckedPart[]): string {
  if (couldStart) return "An experiment could start here. Begin with: experiment init";
  const yet = "No experiment of your own could start here yet.";
  const missing = parts.filter(({ state }) => state === "missing").map(({ part }) => part);
  if (missing.length > 0) return `${yet} Not ready: ${missing.join(", ")}.`;
  return `${yet} It needs an agent with a key or a log-in. The rehearsal needs neither: experiment run`;
}

type CheckedStore = NonNullable<Awaited<ReturnType<typeof lookAtStore>>>;

/** What the database has for the ledger and for workers, if one is named. Its code is loaded only then. */
async function lookAtStore(workers: string | undefined, environment: Environment) {
  const { store: address } = locateDataFolder(undefined, environment);
  if (address === null) {
    if (workers === undefined) return null;
    throw new ConfigurationError(
      "--workers: expected --store with it, got none. Name the database.",
    );
  }
  const { checkStore } = await import("../../../experiment/cluster/check-store.ts");
  const parts = await checkStore({
    address,
    clock: environment.clock,
    workers: workers === undefined ? undefined : wholeNumber("--workers", workers, WORKERS),
  });
  const missing = parts.filter(({ state }) => state === "missing").map(({ part }) => part);
  return { address: address.shown, is_fit: missing.length === 0, missing, parts };
}

function describeStore({ is_fit: isFit, missing, parts }: CheckedStore, columns: number): string {
  const end = isFit
    ? "A run and its workers can use this store."
    : `This store is not ready: ${missing.join(", ")}.`;
  return describeParts(parts, end, columns);
}

/** Tries what agents might try on this machine. */
async function tryIsolation(
  options: { readonly json?: boolean },
  environment: Environment,
): Promise<Result> {
  const columns = columnsOf(environment) ?? COLUMNS;
  const sandbox = await probeBubblewrap(environment);
  const walls = await checkIsolation(sandbox.file === undefined ? undefined : sandbox, environment);
  const isolation = sandbox.file === undefined ? "none" : "bubblewrap";
  const open = walls.filter(({ stopped }) => !stopped);
  const lacks =
    "lacks" in sandbox
      ? [hangText(`No sandbox: ${sandbox.lacks}. ${sandbox.mend}.`, columns), ""]
      : [];
  const data = { agent_isolation: isolation, attempts: walls };
  const say = () =>
    [...lacks, showWalls(walls, columns), "", `${countStopped(walls)} were stopped.`].join("\n");
  return doneIf(open.length === 0, doneWith(options, data, say));
}

function showWalls(walls: readonly TriedWall[], columns: number): string {
  return plainTable(
    cellsOf(walls, {
      "AN AGENT": ({ attempt }) => attempt,
      STOPPED: ({ stopped }) => (stopped ? "yes" : "NO"),
      BY: ({ by }) => by,
    }),
    { columns, wrap: "BY" },
  );
}

function countStopped(walls: readonly TriedWall[]): string {
  const stopped = walls.filter((wall) => wall.stopped).length;
  return `${String(stopped)} of ${String(walls.length)} attempts`;
}
