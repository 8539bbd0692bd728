import { Writable } from "node:stream";

import { type IConfiguration, loadConfiguration } from "@cucumber/cucumber/api";

/** Cucumber's configuration for a suite, and where it runs. What it prints is dropped. */
export async function configureSuite(cwd: string, provided: Partial<IConfiguration>) {
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const environment = { cwd, env: {}, stdout, stderr: process.stderr };
  const options = { file: false, provided: { ...provided, publish: false } } as const;
  const { runConfiguration } = await loadConfiguration(options, environment);
  return { environment, runConfiguration };
}
