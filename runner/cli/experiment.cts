#!/usr/bin/env node
// Every Node since 12.17 can parse this file. It refuses an old one by a sentence that helps, where the
// modules that it loads would end with a SyntaxError.
const NODE_MIN = 24;
const EXIT_USAGE = 2;

const version = process.versions.node;
if (Number(version.split(".")[0]) >= NODE_MIN) {
  void import("./main.ts");
} else {
  process.stderr.write(
    `experiment: expected Node ${String(NODE_MIN)} or later, got Node ${version}. ` +
      'Install it from https://nodejs.org, or use a clone of the repository, where "npm ci" installs it.\n',
  );
  process.exitCode = EXIT_USAGE;
}
