import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { cellsOf, plainTable } from "../../../reports/text/plain-table.ts";
import { ConfigurationError } from "../../configuration-error.ts";
import { checkIsolation, type TriedWall } from "../../sandbox/check-isolation.ts";
import { probeBubblewrap } from "../../sandbox/find-bubblewrap.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { doctor as definition } from "../definitions/tool-commands.ts";
import { jsonOr } from "../result.ts";

/** Tries what agents might try on this machine. No model is asked. */
export const doctor: CodeOf<typeof definition> = async (options, environment) => {
  if (options.isolation !== true) {
    throw new ConfigurationError("experiment doctor: expected --isolation, got no option. Add it.");
  }
  const sandbox = await probeBubblewrap(environment);
  const walls = await checkIsolation(sandbox.file === undefined ? undefined : sandbox, environment);
  const isolation = sandbox.file === undefined ? "none" : "bubblewrap";
  const open = walls.filter(({ stopped }) => !stopped);
  const lacks = "lacks" in sandbox ? [`No sandbox: ${sandbox.lacks}. ${sandbox.mend}.`, ""] : [];
  return {
    exitCode: open.length === 0 ? EXIT.done : EXIT.failed,
    output: jsonOr(options, { agent_isolation: isolation, attempts: walls }, () =>
      [...lacks, showWalls(walls), "", `${countStopped(walls)} were stopped.`].join("\n"),
    ),
  };
};

function showWalls(walls: readonly TriedWall[]): string {
  return plainTable(
    cellsOf(walls, {
      "AN AGENT": ({ attempt }) => attempt,
      STOPPED: ({ stopped }) => (stopped ? "yes" : "NO"),
      BY: ({ by }) => by,
    }),
  );
}

function countStopped(walls: readonly TriedWall[]): string {
  const stopped = walls.filter((wall) => wall.stopped).length;
  return `${String(stopped)} of ${String(walls.length)} attempts`;
}
