import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** Every short unit test of runner/, with its content and that of the parts that tests share. */
export function testFiles(cwd: string): ReadonlyMap<string, string> {
  const read = (file: string) => readFileSync(path.join(cwd, file), "utf8");
  const all = globSync("runner/**/*.test.ts", { cwd }).filter((file) => !/\.long\./u.test(file));
  const shared = (file: string) =>
    [...read(file).matchAll(/from "(?<name>\.[^"]*\/test-support\/[^"]+\.ts)"/gu)].map(
      ({ groups }) => read(path.join(path.dirname(file), groups?.["name"] ?? "")),
    );
  return new Map(all.toSorted().map((file) => [file, [read(file), ...shared(file)].join("\0")]));
}
