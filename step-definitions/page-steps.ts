import assert from "node:assert/strict";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  globSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { get, type IncomingMessage } from "node:http";
import path from "node:path";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";
import type { Page } from "playwright-core";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { axeFile, hasBrowser, openPage, pageOf } from "./support/browser.ts";
import { addRow, correctionOf } from "./support/corrections.ts";
import { finalOf, finalRows } from "./support/ledger-windows.ts";
import { remember, rememberedOf } from "./support/memory.ts";
import { CUT_SENTENCES, SCROLLED, SMALL_PICTURES, UNEXPLAINED } from "./support/page-faults.ts";
import { reportFile, reportJson } from "./support/report-files.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const WIDE = 1440;
const WIDTHS = [360, 800, WIDE];
const HIGH = 800;
const LIST = "#window-list tbody tr";
const WINDOW = "W0-07";
const SCREENSHOTS = path.join(packageFolder(), ".experiment/tests/screenshots");

Given("Chromium is installed", function () {
  if (hasBrowser()) return undefined;
  // Elsewhere the example is skipped by name; in CI it would never be noticed.
  const isCi = process.env["CI"] === "true";
  assert.equal(isCi, false, "Chromium or axe-core (npm ci --prefix .ci/tools) is not installed.");
  return "skipped";
});

Given(
  "the page has {string} in the place of {string}",
  function (this: ExperimentWorld, text: string, old: string) {
    const file = reportFile(this, "report.html");
    const page = readFileSync(file, "utf8");
    assert.ok(page.includes(old), `The page has no ${old}`);
    writeFileSync(
      file,
      page.replace(old, () => text),
    );
  },
);

Given("the page is open", async function (this: ExperimentWorld) {
  await openPage(this, { width: WIDE });
});

Given(
  "the log of {string} ends with {string}",
  function (this: ExperimentWorld, window: string, text: string) {
    const [log = ""] = globSync(`.experiment/captures/*/${window}-1.jsonl`, { cwd: this.folder });
    appendFileSync(this.file(log), text);
  },
);

/** A repository of its own holds the change, as the bundle of an agent's work does. */
Given(
  "the diff of {string} adds {string}",
  async function (this: ExperimentWorld, window: string, text: string) {
    const work = this.file("hostile-work");
    mkdirSync(work);
    const git = async (...args: readonly string[]) =>
      (await execa("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: work }))
        .stdout;
    await git("init", "--quiet");
    await git("commit", "--quiet", "--allow-empty", "--message", "before");
    const commit_start = await git("rev-parse", "HEAD");
    writeFileSync(path.join(work, "page.html"), `${text}\n`);
    await git("add", "page.html");
    await git("commit", "--quiet", "--message", "after");
    const commit_end = await git("rev-parse", "HEAD");
    const file = "captures/hostile.bundle";
    await git("bundle", "create", "--quiet", this.file(`.experiment/${file}`), "HEAD");
    const [row] = this.rowsOf("windows", "window_finalized").filter(
      (final) => final["window"] === window,
    );
    assert.ok(row !== undefined);
    const sealed_work = { file, sha256: "0".repeat(64), commit: commit_end };
    const changes = { commit_start, commit_end, sealed_work };
    await addRow(this, "windows", correctionOf(row, changes));
  },
);

Given(
  "a program {string} that notes what it is called with",
  function (this: ExperimentWorld, name: string) {
    const noted = this.file(`${name}.called`);
    this.write(
      `programs/${name}`,
      `#!/bin/sh\nprintf '%s' "$*" > '${noted}.new'\nmv '${noted}.new' '${noted}'\n`,
    );
    chmodSync(this.file(`programs/${name}`), 0o755);
    const paths = [this.file("programs"), this.variables["PATH"] ?? ""];
    this.variables["PATH"] = paths.join(path.delimiter);
  },
);

Then(
  "{string} is called with the address that is printed",
  async function (this: ExperimentWorld, name: string) {
    await waitUntil(() => this.exists(`${name}.called`));
    assert.equal(this.read(`${name}.called`), rememberedOf(this));
  },
);

When(
  "the page is opened in a window of {int} by {int} pixels",
  async function (this: ExperimentWorld, width: number, height: number) {
    await openPage(this, { width, height });
  },
);

When(
  "the page of the window {string} is opened",
  async function (this: ExperimentWorld, window: string) {
    const { page } = await openPage(this, { width: WIDE, place: `#/window/${window}` });
    await openDetails(page);
  },
);

When("the reader chooses the provider {string}", async function (this: ExperimentWorld, provider) {
  const label = pageOf(this).page.locator("#window-list label", { hasText: "Provider" });
  const select = label.locator("select");
  await select.focus();
  await select.selectOption(provider);
});

When("the reader searches for {string}", async function (this: ExperimentWorld, text: string) {
  await pageOf(this).page.getByLabel("Search in: All windows").fill(text);
});

When("the reader sorts by {string} twice", async function (this: ExperimentWorld, column: string) {
  const button = pageOf(this).page.locator("#window-list th button", { hasText: column });
  await button.click();
  await button.click();
});

When(
  "the reader presses {string}, types {string} and opens the first window with Enter",
  async function (this: ExperimentWorld, key: string, text: string) {
    const { keyboard } = pageOf(this).page;
    await keyboard.press(key);
    await keyboard.type(text);
    // The four filters and the buttons of the columns come first.
    const { page } = pageOf(this);
    const wanted = await page.locator(`${LIST} a`).first().getAttribute("href");
    for (let presses = 0; presses < 40; presses += 1) {
      const focused: unknown = await page.evaluate("document.activeElement.getAttribute('href')");
      if (focused === wanted) break;
      await keyboard.press("Tab");
    }
    await keyboard.press("Enter");
  },
);

Given("{string} shows the report", async function (this: ExperimentWorld, line: string) {
  this.start(line);
  const printed = () => this.running?.printed() ?? "";
  await waitUntil(() => printed().includes("Ctrl-C ends it"), printed);
  const [address = ""] = /^http\S+/u.exec(printed()) ?? [];
  remember(this, address);
  await openPage(this, { width: WIDE, address });
});

Then("Ctrl-C ends it with exit code {int}", async function (this: ExperimentWorld, code: number) {
  this.running?.interrupt();
  await this.finish();
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, code, this.last.stderr);
});

Then(
  /^the list shows (?:the flag "(.*)" at )?the windows "(.*)"$/u,
  async function (this: ExperimentWorld, flag: string | undefined, names: string) {
    const list = pageOf(this).page.locator(LIST);
    if (flag) await list.filter({ hasText: flag }).first().waitFor();
    await assertListed(this, names);
  },
);

Then(
  "only the address with its token, under its own name, is answered",
  async function (this: ExperimentWorld) {
    const address = rememberedOf(this);
    const { host, origin } = new URL(address);
    const statuses = [
      await statusOf(address, host),
      await statusOf(origin, host),
      await statusOf(`${origin}/?token=wrong`, host),
      await statusOf(address, "somewhere.example"),
    ];
    assert.deepEqual(statuses, [200, 403, 403, 403]);
  },
);

When(
  "somebody without the token asks it for:",
  async function (this: ExperimentWorld, targets: DataTable) {
    const { hostname, port } = new URL(rememberedOf(this));
    for (const [target = ""] of targets.raw()) {
      const asked = get({ hostname, port, path: target });
      const [answer]: IncomingMessage[] = await once(asked, "response");
      answer?.resume();
      assert.equal(answer?.statusCode, 403);
    }
  },
);

When(
  "axe reads the {word} in {word} at 360, 800 and 1440 pixels",
  async function (this: ExperimentWorld, name: string, scheme: "light" | "dark") {
    const place = name === "window" ? `#/window/${WINDOW}` : "";
    const faults: string[] = [];
    for (const width of WIDTHS) {
      const { page, errors } = await openPage(this, { width, scheme, place });
      faults.push(...errors);
      await page.evaluate(readFileSync(axeFile(), "utf8"));
      const found: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[] =
        await page.evaluate("axe.run(document).then(({ violations }) => violations)");
      for (const { id, impact, nodes } of found) {
        if (["serious", "critical"].includes(impact)) faults.push(`${id}: ${nodes[0]?.html ?? ""}`);
      }
      const over = Number(
        await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
      );
      if (over > 0) faults.push(`${String(over)} pixels too wide at ${String(width)}`);
      faults.push(...(await page.evaluate<readonly string[]>(SMALL_PICTURES)));
      faults.push(...(await page.evaluate<readonly string[]>(CUT_SENTENCES)));
      if (width === WIDE) faults.push(...(await page.evaluate<readonly string[]>(SCROLLED)));
      mkdirSync(SCREENSHOTS, { recursive: true });
      const file = `${name}-${String(width)}-${scheme}.png`;
      await page.screenshot({ path: path.join(SCREENSHOTS, file), fullPage: true });
    }
    remember(this, faults.join("\n"));
  },
);

Then(
  "every table and figure of the page is explained, with a heading of the method page",
  async function (this: ExperimentWorld) {
    const { page } = pageOf(this);
    const count = Number(await page.evaluate("document.querySelectorAll('table, dl div').length"));
    assert.ok(count > 5, String(count));
    assert.deepEqual(await page.evaluate(UNEXPLAINED), []);
  },
);

Then("it finds nothing serious", function (this: ExperimentWorld) {
  assert.doesNotMatch(
    rememberedOf(this),
    /^(?!.* pixels too wide|.* is too small|.* is cut|.* its box$).+$/mu,
  );
});

Then(
  "no picture, explanation or reason of a failure is too small or cut, and no table has to be scrolled at 1440 pixels",
  function (this: ExperimentWorld) {
    assert.doesNotMatch(rememberedOf(this), /is too small|is cut|is wider than its box$/mu);
  },
);

Then("no page is wider than its window", function (this: ExperimentWorld) {
  assert.doesNotMatch(rememberedOf(this), /pixels too wide/u);
});

Then(
  "the texts of the five questions are on the first screen, and the page has fetched nothing and reported no error",
  async function (this: ExperimentWorld) {
    await assertFirstScreen(this);
    assertQuiet(this);
  },
);

async function assertFirstScreen(world: ExperimentWorld): Promise<void> {
  const { page } = pageOf(world);
  const [answer] = JSON.parse(reportJson(world)).answers;
  const shownTexts = await page.locator("[data-answer]").allTextContents();
  const texts = shownTexts.map((text) => text.replaceAll("\u00A0", " "));
  const expected = [answer.sentence, answer.cost.text, answer.quality.text, answer.to_decide];
  for (const text of [...expected, ...answer.missing_or_wrong])
    assert.ok(texts.includes(text), text);
  for (const shown of await page.locator("[data-answer]").all()) {
    const { y = HIGH, height = 0 } = (await shown.boundingBox()) ?? {};
    assert.ok(
      y + height <= HIGH,
      `${(await shown.textContent()) ?? ""} ends at ${String(y + height)}`,
    );
  }
}

function assertQuiet(world: ExperimentWorld): void {
  const { errors, requests } = pageOf(world);
  assert.deepEqual({ errors, requests }, { errors: [], requests: [] });
}

Then("the page says {string} of itself", async function (this: ExperimentWorld, text: string) {
  const said = (await pageOf(this).page.locator("#recheck").textContent()) ?? "";
  assert.ok(said.startsWith(text), said);
});

Then("the first window of the list is the dearest one", async function (this: ExperimentWorld) {
  const [dearest] = finalRows(this).toSorted(
    (one, other) => (other.cost.amount ?? 0) - (one.cost.amount ?? 0),
  );
  const first = pageOf(this).page.locator(`${LIST} td:first-child`).first();
  assert.equal(await first.textContent(), dearest?.window);
});

Then(
  "the page shows all of the window {string}, and going back shows the windows {string} again",
  async function (this: ExperimentWorld, window: string, names: string) {
    await assertWindowShown(this, window);
    await assertBack(this, names);
  },
);

async function assertWindowShown(world: ExperimentWorld, window: string): Promise<void> {
  const { page, errors } = pageOf(world);
  await page.locator("#window-page h1", { hasText: window }).waitFor();
  await openDetails(page);
  const text = (await page.locator("#window-page").textContent()) ?? "";
  const { feature_id, scenarios } = finalOf(world, window);
  const failed = scenarios.filter(({ status }) => status !== "passed");
  const parts = [feature_id, "proxy (tokens)", "+export", '"type":"turn"', '"window_finalized"'];
  for (const part of [...parts, ...failed.map(({ name }) => name)]) {
    assert.ok(text.includes(part), `${part}\n${text.slice(0, 3000)}`);
  }
  assert.ok((await page.locator("#window-page svg rect").count()) > 1);
  assert.deepEqual(errors, []);
}

async function assertBack(world: ExperimentWorld, names: string): Promise<void> {
  await pageOf(world).page.goBack();
  await assertListed(world, names);
}

Then(
  "it shows these texts as they are, and none of them has run:",
  async function (this: ExperimentWorld, texts: DataTable) {
    const { page, errors } = pageOf(this);
    const shown = (await page.locator("main").textContent()) ?? "";
    for (const text of texts.raw().flat()) assert.ok(shown.includes(text), text);
    assert.equal(await page.evaluate("globalThis.harm"), undefined);
    assert.equal(await page.locator("img[onerror]").count(), 0);
    assert.deepEqual(errors, []);
  },
);

Then("the page says {string} twice", async function (this: ExperimentWorld, text: string) {
  const shown = (await pageOf(this).page.locator("#window-page").textContent()) ?? "";
  assert.equal(shown.split(text).length - 1, 2, shown);
});

/** A folded part is filled a moment after it is opened. */
async function openDetails(page: Page): Promise<void> {
  for (const summary of await page.locator("#window-page details > summary").all()) {
    await summary.click();
  }
  const empty = page.locator("#window-page details[open]:not(:has(> :nth-child(2)))");
  await empty.first().waitFor({ state: "detached" });
}

async function statusOf(url: string, name: string): Promise<number | undefined> {
  const asked = get(url, { headers: { host: name } });
  const [answer]: IncomingMessage[] = await once(asked, "response");
  answer?.resume();
  return answer?.statusCode;
}

async function assertListed(world: ExperimentWorld, names: string): Promise<void> {
  const list = pageOf(world).page.locator(LIST);
  await list.first().waitFor();
  const shown = await list.locator("td:first-child").allTextContents();
  assert.equal(shown.join(", "), names);
}
