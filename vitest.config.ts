import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{runner,ledger,reports,step-definitions}/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: ".experiment/tests/vitest.json" }]],
  },
});
