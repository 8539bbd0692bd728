import path from "node:path";

import { defineConfig } from "vitest/config";

const FOLDERS = "{.ci,runner,ledger,reports,step-definitions}";
const LONG = `${FOLDERS}/**/*.long.test.ts`;
/** Short tests that `test:long` runs once more, at full length. */
const LENGTHENED = [
  "ledger/store/golden-damage.test.ts",
  "ledger/store/postgres/server-kills.test.ts",
  "ledger/store/simulated-disk.test.ts",
  "ledger/verification/verify-ledger.test.ts",
  "runner/experiment/cluster/simulation.test.ts",
];
/** What each process that a test starts would compile again. */
const COMPILED = path.resolve(".experiment/tests/compiled");
const LENGTHS = {
  LEDGER_DISK_SEEDS: "20000",
  LEDGER_DAMAGE_STRIDE: "1",
  LEDGER_POSTGRES_KILLS: "15",
  CLUSTER_SEEDS: "2000",
};

export default defineConfig(({ mode }) => {
  const isLong = mode === "long";
  return {
    test: {
      include: isLong ? [LONG, ...LENGTHENED] : [`${FOLDERS}/**/*.test.ts`],
      exclude: ["**/node_modules/**", ...(isLong ? [] : [LONG])],
      // A variable that is set already wins.
      env: { NODE_COMPILE_CACHE: COMPILED, ...(isLong ? { ...LENGTHS, ...process.env } : {}) },
      // One file after the other in the same processes: no test changes what another one sees.
      isolate: false,
      // Some of the time tests wait for other processes.
      maxWorkers: "300%",
      // For a hang: the slowest machine is faster.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 240_000, interval: 5 } },
      reporters: [
        "default",
        ["json", { outputFile: `.experiment/tests/vitest${isLong ? "-long" : ""}.json` }],
      ],
    },
  };
});
