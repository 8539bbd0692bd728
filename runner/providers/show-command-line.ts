import type { Provider } from "../config/configuration.ts";
import type { CommandLine } from "../drivers/driver.ts";
import { driverNamed } from "../drivers/registry.ts";
import type { Environment } from "../environment.ts";

/** The command line of a provider's agent. Values that only a run knows are in angle brackets. */
export interface ShownCommandLine {
  readonly provider: string;
  /** null if the agent is not installed; `lacks` says what to do. */
  readonly commandLine: CommandLine | null;
  readonly lacks: string | null;
}

/** Returns a provider's command line as a run would use it, without credentials. */
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
