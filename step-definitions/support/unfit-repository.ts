import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { gitIn } from "./git-facts.ts";

const TEST = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n";

/** Makes a repository in which no commit can become a task, each for another reason. */
export async function makeUnfitRepository(folder: string): Promise<void> {
  mkdirSync(path.join(folder, "tests"), { recursive: true });
  const git = async (...args: readonly string[]) =>
    await gitIn(folder, ["-c", "user.name=A", "-c", "user.email=a@example.invalid", ...args]);
  const write = (file: string, content: string | Uint8Array) =>
    writeFileSync(path.join(folder, file), content);
  let count = 0;
  const touchTests = () => {
    count += 1;
    write("tests/test_other.py", `${TEST}\n# ${String(count)}\n`);
  };
  const commit = async (message: string) => {
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty-message", "--message", message);
  };
  await git("init", "--quiet", "--initial-branch=main");
  write("shop.py", "def total(prices):\n    return sum(prices)\n");
  write("tests/test_total.py", TEST);
  await commit("Begin");
  touchTests();
  write("shop.py", "def total(prices):\n    return 2 * sum(prices) + len(prices)\n");
  await commit("Double it\n\nWrite it so:\n\n    return 2 * sum(prices) + len(prices)\n");
  write("README.md", "It adds up prices.\n");
  await commit("Say what it does");
  touchTests();
  await commit("Test more");
  touchTests();
  write("requirements.txt", "attrs\n");
  await commit("Need another package");
  rmSync(path.join(folder, "tests/test_total.py"));
  touchTests();
  write("shop.py", "def total(prices):\n    return sum(list(prices))\n");
  await commit("Remove the old tests");
  await git("checkout", "--quiet", "-b", "side");
  write("side.py", "");
  await commit("Begin something beside it");
  await git("checkout", "--quiet", "main");
  await git("merge", "--quiet", "--no-ff", "--message", "Join the side branch", "side");
  touchTests();
  write("shop.py", "def total(prices):\n    return sum(prices)\n");
  await commit("");
  touchTests();
  write("tea.png", Uint8Array.of(0x89, 0x50, 0, 1, 2));
  await commit("Add a picture of the tea");
}
