import type { Driver, DriverProbe } from "../../agents/drivers/driver.ts";
import { DRIVERS } from "../../agents/drivers/registry.ts";
import { vendorNamed } from "../../gateway/proxy/vendors.ts";
import type { Environment } from "../../platform/environment/environment.ts";

/** An agent as this machine has it. Nothing is asked of a model. */
export interface SurveyedAgent {
  readonly driver: Driver;
  readonly probe: DriverProbe;
  /** The `auth` that would work: a log-in or a key in the environment; null if there is neither. */
  readonly auth: string | null;
  /** What to do if there is neither. */
  readonly mend: string;
}

/** Looks for every agent that the product can drive, and for its log-in or key. */
export async function surveyAgents(environment: Environment): Promise<readonly SurveyedAgent[]> {
  return await Promise.all(
    DRIVERS.map(async (driver) => ({
      driver,
      probe: await driver.probe(environment),
      ...(await findCredential(driver, environment)),
    })),
  );
}

/** Whether an agent is installed and has a credential, so that an experiment could start with it. */
export function isReady({ probe, auth }: SurveyedAgent): boolean {
  return probe.ready && auth !== null;
}

/** A key comes first, because no agent ever sees it. */
async function findCredential(
  driver: Driver,
  environment: Environment,
): Promise<Pick<SurveyedAgent, "auth" | "mend">> {
  const variable = vendorNamed(driver.vendor)?.keyVariable ?? "API_KEY";
  if ((environment.variables[variable] ?? "") !== "") return { auth: `env ${variable}`, mend: "" };
  const login = await driver.findLogin?.(environment);
  if (login === undefined) {
    return { auth: null, mend: `Set ${variable}, because its log-in can't be used.` };
  }
  return login.found
    ? { auth: "inherit", mend: "" }
    : { auth: null, mend: `Set ${variable}, or: ${login.mend}` };
}
