import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { gitIn } from "./git-facts.ts";
import type { SampleCommit } from "./sample-commit.ts";
import { goCommits } from "./sample-go.ts";
import { pythonCommits } from "./sample-python.ts";
import { typescriptCommits } from "./sample-typescript.ts";

const SAMPLES: Readonly<Record<string, readonly SampleCommit[]>> = {
  Go: goCommits,
  Python: pythonCommits,
  TypeScript: typescriptCommits,
};

const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];

/** Makes a repository with the first commits of a small shop in this language. */
export async function makeSample(
  folder: string,
  { language, commits }: { readonly language: string; readonly commits: number },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await gitIn(folder, ["init", "--quiet", "--initial-branch=main"]);
  for (const { message, files } of commitsIn(language).slice(0, commits)) {
    for (const [file, text] of Object.entries(files)) put(path.join(folder, file), text);
    await gitIn(folder, ["add", "--all"]);
    await gitIn(folder, [...IDENTITY, "commit", "--quiet", "--message", message]);
  }
}

function put(file: string, text: string | null): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (text === null) rmSync(file);
  else writeFileSync(file, text);
}

export function commitsIn(language: string): readonly SampleCommit[] {
  const commits = SAMPLES[language];
  if (commits === undefined) throw new Error(`There is no sample in ${language}.`);
  return commits;
}
