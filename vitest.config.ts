import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{runner,ledger,reports,step-definitions}/**/*.test.ts"],
    // By default one core is left idle, and most tests are CPU alone.
    maxWorkers: "100%",
    // A hang is to be found, not a machine with other work.
    testTimeout: 30_000,
    reporters: ["default", ["json", { outputFile: ".experiment/tests/vitest.json" }]],
  },
});
