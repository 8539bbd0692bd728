import { readdirSync, statSync } from "node:fs";
import path from "node:path";

import { buildDocument } from "../../../../reports/document/build-document.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { collectPapers } from "../../../../reports/page/collect-papers.ts";
import { pageContent } from "../../../../reports/page/page-content.ts";
import { renderPage } from "../../../../reports/page/render-page.ts";
import { picturesOf } from "../../../../reports/pictures/pictures-of.ts";
import type { DataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { ServedReport } from "../../../platform/http/serve-page.ts";
import type { OptionsOf } from "../../definition.ts";
import { readExperiment } from "../../ledger/cached-view.ts";
import type { preview } from "../preview/definition.ts";
import { readPageAssets } from "../report/page-assets.ts";
import { drawAll, papersIn, readReport } from "../report/write-report.ts";

const POLL_MS = 1_000;
/** Making a large report again takes at most a quarter of the time. */
const REST = 3;

interface LiveSources {
  readonly options: OptionsOf<typeof preview>;
  readonly folder: DataFolder;
  readonly environment: Environment;
  /** Brings rows that other machines have written into the folder. */
  readonly refresh: () => Promise<void>;
  /** The query that the page adds to its own requests. */
  readonly query: string;
}

interface Made {
  readonly signature: string;
  readonly page: string;
}

/** A report that follows its ledger: it is made again when somebody asks and rows were added. */
export class LiveReport implements ServedReport {
  readonly #sources: LiveSources;
  #made: Made | null = null;
  #restUntilMs = 0;

  constructor(sources: LiveSources) {
    this.#sources = sources;
  }

  page = async (): Promise<string> => {
    await this.#sources.refresh();
    const signature = this.#signature();
    if (this.#made?.signature === signature) return this.#made.page;
    const { clock } = this.#sources.environment;
    const startMs = clock.monotonicMs();
    const page = await this.#make();
    this.#made = { signature, page };
    this.#restUntilMs = clock.monotonicMs() + REST * (clock.monotonicMs() - startMs);
    return page;
  };

  papers = async (place: number): Promise<string | null> => {
    const { options, environment } = this.#sources;
    return await readExperiment(options, environment, async ({ view, ledger, folder }) => {
      const papers = papersIn({ folder, environment });
      const sources = { evidence: gatherEvidence(view), ledger, ...papers };
      const [found] = await collectPapers(sources, [place], { withCode: true });
      return found === undefined ? null : JSON.stringify(found[1]);
    });
  };

  watch = (changed: () => void): (() => void) => {
    let seen = this.#made?.signature ?? this.#signature();
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      // A database that does not answer now may answer at the next look.
      await this.#sources.refresh().catch(() => undefined);
      isLooking = false;
      const signature = this.#signature();
      const isResting = this.#sources.environment.clock.monotonicMs() < this.#restUntilMs;
      if (signature === seen || isResting) return;
      seen = signature;
      changed();
    };
    const timer = setInterval(() => void look(), POLL_MS);
    return () => clearInterval(timer);
  };

  async #make(): Promise<string> {
    const { options, environment, query } = this.#sources;
    return await readExperiment(options, environment, async ({ view, ledger, folder, budgets }) => {
      const evidence = gatherEvidence(view);
      const report = readReport(evidence, ledger, budgets);
      const pictures = picturesOf(report);
      const content = pageContent({
        evidence,
        ledger,
        ...papersIn({ folder, environment }),
        report,
        document: buildDocument(report, pictures),
        drawn: await drawAll(["html"], pictures, () => undefined),
      });
      return renderPage({ ...content, served: { query } }, readPageAssets());
    });
  }

  /** Rows are only ever added, so the sizes of the files say whether there are new ones. */
  #signature(): string {
    const { ledger } = this.#sources.folder;
    return readdirSync(ledger)
      .filter((name) => name.endsWith(".jsonl"))
      .toSorted()
      .map((name) => `${name} ${String(statSync(path.join(ledger, name)).size)}`)
      .join("\n");
  }
}
