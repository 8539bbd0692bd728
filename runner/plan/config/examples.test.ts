import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { loadConfiguration } from "./load-configuration.ts";

test("the example of sub-agents on GLM is a configuration that routes them there", () => {
  const config = fileURLToPath(
    new URL("../../../docs/examples/glm-subagents.yaml", import.meta.url),
  );
  const { providers } = loadConfiguration({ config }, { ...processEnvironment(), variables: {} });
  const [baseline, candidate] = providers;
  expect([baseline.id, baseline.routes]).toEqual(["claude", []]);
  expect(candidate).toMatchObject({
    id: "claude-glm",
    credential: { mode: "inherit" },
    routes: [
      {
        name: "subagents-to-glm[0]",
        when: { subagent: true },
        upstream: "glm",
        model: "glm-4.6",
        credential: { mode: "variable", variable: "GLM_API_KEY", header: "bearer" },
      },
    ],
  });
});
