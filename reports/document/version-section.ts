import type { ReportData } from "../report/report-data.ts";
import { sayRegrading } from "../text/regrading-text.ts";
import type { Block, Section } from "./document.ts";
import { sourceLines } from "./gate-words.ts";
import { ledgerFigures } from "./ledger-figures.ts";
import { METHOD } from "./method.ts";
import { listOf, tableOf, textOf } from "./parts.ts";

/** Versions, hashes, and how to reproduce the experiment. */
export function versionSection(report: ReportData): Section {
  return {
    id: "versions",
    title: "Versions, hashes and how to reproduce",
    blocks: [
      tableOf({
        id: "versions",
        items: report.versions,
        columns: [
          { title: "Part", isKey: true, cell: ({ name }) => name },
          { title: "Version", cell: ({ versions }) => versions.join(", ") },
        ],
        none: "No version was recorded.",
        meaning: "Everything that worked in a session or a window.",
        method: METHOD.reproduction,
      }),
      tableOf({
        id: "hashes",
        items: hashesOf(report),
        columns: [
          { title: "What", isKey: true, cell: ([name]) => name },
          { title: "SHA-256", cell: ([, sha256]) => sha256 },
        ],
        none: "Nothing was registered, so there is no hash.",
        meaning: "The versions that the experiment used; the registration has the tasks' digests.",
        method: METHOD.reproduction,
      }),
      ...ledgerFigures(report.ledger),
      ...regradingBlocks(report),
      ...sourceBlocks(report),
    ],
    parts: [
      {
        id: "reproduce",
        title: "How to reproduce",
        method: METHOD.reproduction,
        blocks: [
          textOf(
            "With the same configuration and the same task digests this draws the same schedule under the same experiment id:",
          ),
          { kind: "code", lines: report.reproduce },
        ],
      },
    ],
  };
}

function hashesOf({ asked, gate, dollars }: ReportData): readonly (readonly [string, string])[] {
  const hashes = [
    ["Registration", asked.registration_sha256],
    ["Gate file", gate?.gates.sha256],
    ["Price list", dollars.prices?.sha256],
  ] as const;
  return hashes.flatMap(([name, sha256]) => (sha256 ? [[name, sha256] as const] : []));
}

function regradingBlocks({ regraded }: ReportData): readonly Block[] {
  return regraded === null ? [] : [textOf(`Repeatability: ${sayRegrading(regraded)}`)];
}

function sourceBlocks({ gate }: ReportData): readonly Block[] {
  if (gate === null) return [];
  return listOf(sourceLines(gate.seed, { Thresholds: gate.gates.thresholds }));
}
