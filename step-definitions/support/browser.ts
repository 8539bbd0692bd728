import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";

import { type Browser, chromium, type Page } from "playwright-core";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { reportFile } from "./report-files.ts";
import type { ExperimentWorld } from "./world.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
/** Installed with the other programs that check this repository. */
const AXE = path.join(packageFolder(), ".ci/tools/node_modules/axe-core/axe.min.js");
/** A slow machine computes for a while. */
const LIMIT_MS = 240_000;

/** An open page, and what it did that a report never does. */
export interface OpenPage {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

export interface PageView {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  /** What follows the file's name, for example `#windows`. */
  readonly place?: string;
  /** Instead of the report's file. */
  readonly address?: string;
}

const opened = new WeakMap<ExperimentWorld, OpenPage>();

/** Whether the browser and the accessibility checker are there. */
export function hasBrowser(): boolean {
  return CHROMIUM.some((file) => existsSync(file)) && existsSync(AXE);
}

export function axeFile(): string {
  return AXE;
}

/** Opens the report and waits until the page has computed its answer. */
export async function openPage(world: ExperimentWorld, view: PageView): Promise<OpenPage> {
  const browser = await launch(world);
  const { width, height = 800, scheme = "light", place = "", address } = view;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  page.setDefaultTimeout(LIMIT_MS);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    if (/^(?:https?|wss?):/u.test(request.url())) requests.push(request.url());
  });
  await page.goto(`${address ?? `file://${reportFile(world, "report.html")}`}${place}`);
  await page
    .locator("#recheck.agrees, #recheck.disagrees")
    .waitFor({ state: "attached", timeout: LIMIT_MS });
  const open = { page, errors, requests };
  opened.set(world, open);
  return open;
}

/** The page that was opened last. */
export function pageOf(world: ExperimentWorld): OpenPage {
  const open = opened.get(world);
  assert.ok(open !== undefined, "No page is open in this scenario.");
  return open;
}

async function launch(world: ExperimentWorld): Promise<Browser> {
  const executablePath = CHROMIUM.find((file) => existsSync(file)) ?? "";
  // A test runs as root in CI, and it opens nothing but the project's own pages.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  world.cleanups.push(() => browser.close());
  return browser;
}
