import { Document, Scalar, type YAMLSeq, isMap, isSeq, parseDocument } from "yaml";

import type { Environment } from "../../platform/environment/environment.ts";
import type { ProvenTests } from "../check/prove-command-task.ts";
import type { InstallPlan, ResultsForm } from "./runners/test-runner.ts";

/** What `task.yaml` of an imported task says. Paths are relative to the repository. */
export interface TaskText {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly size: "small" | "medium" | "large";
  /** Relative to the task's folder. */
  readonly repo: string;
  readonly parent: string;
  /** The commit that the task comes from, for people; undefined if there is none yet. */
  readonly source: string | undefined;
  readonly path: string;
  readonly setup: SetupText | undefined;
  readonly run: readonly string[];
  readonly results: ResultsForm;
  readonly protect: readonly string[];
}

/** The field `setup`. */
export interface SetupText {
  readonly run: readonly (readonly string[])[];
  readonly env?: readonly string[];
  readonly network?: { readonly allow: readonly string[] };
}

/** Setup gets the variables that are set here: they name a private index, or give the key for it. */
export function installFor(
  install: InstallPlan | undefined,
  { variables }: Pick<Environment, "variables">,
): SetupText | undefined {
  if (install === undefined) return undefined;
  const set = install.variables.filter((name) => (variables[name] ?? "") !== "");
  const hosts = [...install.hosts, ...set.flatMap((name) => hostOf(variables[name]))];
  return {
    run: install.runs,
    ...(set.length === 0 ? {} : { env: set }),
    ...(hosts.length === 0 ? {} : { network: { allow: [...new Set(hosts)] } }),
  };
}

/** The host of an address, without a key that the address may contain. */
function hostOf(value = ""): readonly string[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url === undefined || url.hostname === "" ? [] : [url.hostname];
}

/** The limits of the built-in tasks. */
const LIMITS = { timeout_s: 900, tokens_max: 120_000, deterministic: true };

/** A test that the file names until the proof has found the real ones. */
const UNPROVEN = ["not proven yet"];

/** Writes `task.yaml` with a comment for what a reader may want to change. */
export function taskText(task: TaskText): string {
  const { id, title, language, size, setup } = task;
  const document = new Document({
    id,
    title,
    language,
    stratum: "imported",
    size,
    workspace: {
      repo: task.repo,
      commit: task.parent,
      ...(task.path === "" ? {} : { path: task.path }),
    },
    ...(setup === undefined ? {} : { setup }),
    acceptance: {
      kind: "command",
      run: task.run,
      results: task.results,
      overlay: "hidden/",
      protect: task.protect,
      fail_to_pass: UNPROVEN,
      pass_to_pass: [],
      canaries: [],
    },
    ...LIMITS,
  });
  document.commentBefore =
    task.source === undefined
      ? " Put tests into hidden/ and a solution into solution.patch; then copy the lists of tests that\n task check writes into proof.json."
      : ` Made from commit ${task.source}. The agent starts from its parent.`;
  comment(document, ["setup"], " Runs once for each commit, in the sandbox, before any window.");
  comment(
    document,
    ["acceptance"],
    " The repository's own tests, and those of the commit over them.",
  );
  comment(document, ["timeout_s"], " What one attempt may take.");
  for (const path of [
    ["workspace"],
    ["acceptance", "run"],
    ["acceptance", "results"],
    ["setup", "env"],
    ["setup", "network"],
  ]) {
    const node = document.getIn(path, true);
    if (isMap(node) || isSeq(node)) node.flow = true;
  }
  for (const run of runsOf(document)) run.flow = true;
  return document.toString({ lineWidth: 100, flowCollectionPadding: true });
}

function runsOf(document: Document): readonly YAMLSeq[] {
  const runs = document.getIn(["setup", "run"], true);
  return isSeq(runs) ? runs.items.filter((item) => isSeq(item)) : [];
}

/** Puts a comment over a field, if the file has the field. */
function comment(document: Document, path: readonly string[], text: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return;
  const pair = parent.items.find(({ key }) => keyOf(key) === path.at(-1));
  if (pair === undefined) return;
  const key = new Scalar(path.at(-1));
  key.commentBefore = text;
  pair.key = key;
}

function keyOf(key: unknown): unknown {
  return key instanceof Scalar ? key.value : key;
}

/** Writes the proven tests into the text of a `task.yaml`, and keeps the comments of the file. */
export function withProvenTests(text: string, tests: ProvenTests): string {
  const document = parseDocument(text);
  for (const [field, names] of Object.entries(tests)) {
    document.setIn(["acceptance", field], document.createNode(names));
  }
  return document.toString({ lineWidth: 100, flowCollectionPadding: true });
}
