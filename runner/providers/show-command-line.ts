import type { Provider } from "../config/configuration.ts";
import type { CommandLine } from "../drivers/driver.ts";
import { driverNamed } from "../drivers/registry.ts";
import type { Environment } from "../environment.ts";

/** What a provider's agent would be started with; what only a run knows stands in angle brackets. */
export interface ShownCommandLine {
  readonly provider: string;
  /** Null where the agent is not on this machine; `lacks` says what to do. */
  readonly commandLine: CommandLine | null;
  readonly lacks: string | null;
}

/** Resolves a provider's command line as the run would, without credentials. */
export async function showCommandLine(
  provider: Provider,
  environment: Environment,
): Promise<ShownCommandLine> {
  const driver = driverNamed(provider.driver);
  const probe = await driver.probe(environment);
  if (!probe.ready) {
    return {
      provider: provider.id,
      commandLine: null,
      lacks: `${probe.lacks}. Install it with: ${probe.install}`,
    };
  }
  const commandLine = driver.commandLine(
    {
      workspace: "<workspace>",
      home: "<home>",
      prompt: "<the feature's text>",
      model: provider.model,
      proxyUrl: "http://127.0.0.1:<port>/w/<key>",
      proxyKey: "<key>",
      auth: provider.credential.mode === "inherit" ? "inherit" : "key",
    },
    {
      executable: probe.executable,
      isRoot: environment.isRoot,
      variables: environment.variables,
      login: {},
    },
  );
  return { provider: provider.id, commandLine, lacks: null };
}
