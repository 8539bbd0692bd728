import { listTree } from "../../platform/git/list-tree.ts";
import type { GitEnvironment } from "../../platform/git/run-git.ts";
import { type SourceRepository, readAt } from "./git-history.ts";
import type { CommitTree } from "./runners/test-runner.ts";

/** Files that say how a project is built and tested. */
const DESCRIPTIONS = new Set([
  ".npmrc",
  "Cargo.lock",
  "go.mod",
  "package.json",
  "pyproject.toml",
  "requirements-dev.txt",
  "requirements-test.txt",
  "requirements.txt",
  "requirements_dev.txt",
  "dev-requirements.txt",
  "test-requirements.txt",
  "setup.cfg",
  "setup.py",
]);

/** The trees of a commit and its parent as one project. */
export interface ProjectTrees {
  /** Relative to the repository. */
  readonly parentFiles: readonly string[];
  /** Relative to the folder: files of both, since a commit may add the first tests. Texts are the parent's. */
  readonly tree: CommitTree;
}

/** Reads what the project in a folder of a repository looks like at a commit's parent. */
export async function readTrees(
  repository: SourceRepository,
  { commit, parent, path }: Readonly<Record<"commit" | "parent" | "path", string>>,
  environment: GitEnvironment,
): Promise<ProjectTrees> {
  const { gitDir } = repository;
  const filesOf = async (tree: string) =>
    (await listTree({ gitDir, tree }, environment)).map(({ file }) => file);
  const parentFiles = await filesOf(parent);
  const all = new Set([...parentFiles, ...(await filesOf(commit))]);
  const files = [...all].flatMap((file) => relativeTo(path, file) ?? []);
  const texts = new Map<string, string>();
  for (const file of parentFiles) {
    const name = relativeTo(path, file);
    if (name !== undefined && DESCRIPTIONS.has(name)) {
      texts.set(name, await readAt(repository, { commit: parent, file }, environment));
    }
  }
  return { parentFiles, tree: { files, textOf: (file) => texts.get(file) } };
}

/** A file below a folder, or directly in a folder above it; undefined for any other. */
export function relativeTo(folder: string, file: string): string | undefined {
  if (folder === "") return file;
  if (file.startsWith(`${folder}/`)) return file.slice(folder.length + 1);
  const parts = folder.split("/");
  const above = file.split("/").slice(0, -1);
  if (above.length >= parts.length || above.some((part, index) => part !== parts[index])) {
    return undefined;
  }
  return "../".repeat(parts.length - above.length) + file.split("/").slice(above.length).join("/");
}
