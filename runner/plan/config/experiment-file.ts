import { z } from "zod";

import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import type { Driver } from "../../agents/drivers/driver.ts";
import {
  COMMAND_DRIVER,
  DRIVER_NAMES,
  driverOfEntry,
  vendorFor,
} from "../../agents/drivers/registry.ts";
import { OWN_UPSTREAMS, vendorNamed } from "../../gateway/proxy/vendors.ts";
import { type FaultEnd, fieldHints } from "../../platform/yaml/field-hints.ts";
import { chooseCredential, strayCredential } from "./choose-credential.ts";
import { ExperimentFields } from "./experiment-fields.ts";
import type { RoutesFile } from "./routes-file.ts";

/** The file `experiment.yaml` as the user writes it. */
export const ExperimentFile = ExperimentFields.superRefine(refuseLooseEnds).register(fieldHints, {
  expected: "a map of fields",
  mend: 'Write one field a line, or let "experiment init" write the file.',
});
export type ExperimentFile = z.infer<typeof ExperimentFields>;

/** The JSON Schema by which editors complete and check `experiment.yaml`; hints follow descriptions. */
export function experimentJsonSchema(): object {
  return z.toJSONSchema(ExperimentFile, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const hint = fieldHints.get(zodSchema);
      if (hint === undefined) return;
      const { description } = jsonSchema;
      const meaning = description === undefined ? "" : `${description} `;
      jsonSchema.description = `${meaning}Expected: ${hint.expected}. ${hint.mend}`;
    },
  });
}

type Upstreams = ExperimentFile["upstreams"];
type Path = readonly (string | number)[];
type Refuse = (path: Path, expected: string, end: FaultEnd) => void;

/** With more providers a Williams design needs more features than a bank has. */
const PROVIDERS_MAX = 6;

/** Refuses names that refer to nothing, and a wrong number of providers. */
function refuseLooseEnds(names: ExperimentFile, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message, end) =>
    context.addIssue({ code: "custom", path: [...path], message, params: { ...end } });
  const { providers, baseline, upstreams, routes } = names;
  refuseWrongNumber(Object.keys(providers), refuse);
  if (baseline !== undefined && !Object.hasOwn(providers, baseline)) {
    refuse(["baseline"], "the name of a provider", { mend: oneOf(baseline, providers) });
  }
  for (const name of Object.keys(upstreams)) refuseUpstream(name, upstreams, refuse);
  for (const provider of Object.entries(providers)) refuseProvider(provider, names, refuse);
  for (const [name, rules] of Object.entries(routes)) {
    for (const [index, rule] of rules.entries()) {
      refuseRule(rule, upstreams, (path, ...rest) =>
        refuse(["routes", name, index, ...path], ...rest),
      );
    }
  }
}

/** What clients add to a base URL. */
const API_PATH = /\/(?:v1\/)?(?:messages|chat\/completions|responses)\/*$/;

function refuseUpstream(name: string, upstreams: Upstreams, refuse: Refuse): void {
  const { base_url, scripted, auth } = upstreams[name] ?? {};
  if ((base_url === undefined) === (scripted === undefined)) {
    refuse(["upstreams", name], "an address or a script", {
      got: base_url === undefined ? "neither" : "both",
      mend: "Write either base_url or scripted.",
    });
  }
  const pasted = API_PATH.exec(base_url ?? "")?.[0];
  if (pasted !== undefined) {
    const mend = `Write ${String(base_url?.slice(0, -pasted.length))}.`;
    refuse(["upstreams", name, "base_url"], "an address without the path of an API", { mend });
  }
  // Routes take the key of their upstream, whatever the provider's driver is.
  if (auth !== undefined && auth !== "inherit") {
    const stray = strayCredential({ driver: "builtin-agent", auth }, name, upstreams);
    if (stray !== null) refuse(["upstreams", name, "auth"], stray.expected, stray);
  }
}

function refuseWrongNumber(ids: readonly string[], refuse: Refuse): void {
  if (ids.length >= 2 && ids.length <= PROVIDERS_MAX) return;
  refuse(["providers"], `2 to ${String(PROVIDERS_MAX)} providers`, {
    got: `${String(ids.length)} (${ids.join(", ") || "none"})`,
    mend:
      ids.length < 2 ? "Add another provider to compare." : "Compare fewer providers at a time.",
  });
}

function refuseProvider(
  [id, provider]: readonly [string, ExperimentFile["providers"][string]],
  { upstreams, routes }: ExperimentFile,
  refuse: Refuse,
): void {
  const { via, model, routes: named = [] } = provider;
  const used = findDriver([id, provider], refuse);
  if (used === undefined) return;
  const { upstream = vendorFor(provider) } = provider;
  if (via === "mitm" && used.isInterceptable === false) {
    refuse(["providers", id, "via"], `base-url for ${used.title}`, { mend: "Leave it out." });
  }
  for (const name of named.filter((one) => !Object.hasOwn(routes, one))) {
    const mend = oneOf(name, routes, "routes");
    refuse(["providers", id, "routes", named.indexOf(name)], "the name of a route", { mend });
  }
  const known = { ...upstreams, ...OWN_UPSTREAMS };
  if (!Object.hasOwn(known, upstream)) {
    const mend = oneOf(upstream, known, "upstreams");
    return refuse(["providers", id, "upstream"], "the name of an upstream", { mend });
  }
  const { mode } = chooseCredential(provider, upstream, upstreams);
  if (mode === "inherit") refuseLogin([id, used], vendorFor(provider), refuse);
  const stray = strayCredential(provider, upstream, upstreams);
  if (stray?.isOfProvider) refuse(["providers", id, "auth"], stray.expected, stray);
  const path = ["providers", id, "model"];
  refuseUnknownModel({ upstream, model }, upstreams, (...fault) => refuse(path, ...fault));
}

/** The driver of an entry, or undefined if the entry names none. */
function findDriver(
  [id, provider]: readonly [string, ExperimentFile["providers"][string]],
  refuse: Refuse,
): Driver | undefined {
  const { driver, dialect, command } = provider;
  if (!DRIVER_NAMES.includes(driver)) {
    const meant = sayMeant(driver, DRIVER_NAMES);
    const mend = `${meant} Write one of: ${DRIVER_NAMES.join(", ")}.`.trimStart();
    refuse(["providers", id, "driver"], "the name of a driver", { mend });
    return undefined;
  }
  if ((driver === COMMAND_DRIVER) !== (command !== undefined)) {
    refuseCommand([id, provider], refuse);
    return undefined;
  }
  const used = driverOfEntry(provider);
  if (dialect !== undefined && !used.dialects.includes(dialect)) {
    const mend = `Write one of: ${used.dialects.join(", ")}.`;
    refuse(["providers", id, "dialect"], `an API that ${driver} speaks`, { mend });
  }
  return used;
}

/** A command and the driver of commands need each other. */
function refuseCommand(
  [id, { command, agent }]: readonly [string, ExperimentFile["providers"][string]],
  refuse: Refuse,
): void {
  if (command === undefined) {
    const mend = 'Write e.g. command: [python3, "{folder}/agent.py", "{prompt_file}"].';
    return refuse(["providers", id, "command"], "the program of driver: command", { mend });
  }
  const field = agent === undefined ? "command" : "agent";
  const mend = "Write driver: command, or leave it out.";
  refuse(["providers", id, field], "absent without driver: command", { got: "it", mend });
}

/** An agent whose log-in can't be lent is refused here, so that a plan shows it and not only a run. */
function refuseLogin(
  [id, driver]: readonly [string, Driver],
  vendor: string,
  refuse: Refuse,
): void {
  if ("findLogin" in driver) return;
  const { title } = driver;
  const variable = vendorNamed(vendor)?.keyVariable ?? "API_KEY";
  refuse(["providers", id, "auth"], `"env VARIABLE", because no log-in of ${title} can be used`, {
    got: '"inherit"',
    mend: `Put a key into an environment variable and write e.g. auth: env ${variable}.`,
  });
}

function refuseRule({ to, model }: RoutesFile[number], upstreams: Upstreams, refuse: Refuse): void {
  const upstream = Object.hasOwn(upstreams, to) ? upstreams[to] : undefined;
  if (upstream === undefined) {
    refuse(["to"], "the name of an upstream", { mend: oneOf(to, upstreams, "upstreams") });
    return;
  }
  const { scripted, auth } = upstream;
  refuseUnknownModel({ upstream: to, model }, upstreams, (...fault) => refuse(["model"], ...fault));
  if (scripted === undefined && (auth === undefined || auth === "inherit")) {
    // The agent's own log-in belongs to its own vendor. No other vendor may see it.
    const mend = `Write e.g. auth: env API_KEY under the upstream "${to}".`;
    refuse(["to"], "an upstream with a key of its own", { mend });
  }
}

function refuseUnknownModel(
  { upstream, model }: { readonly upstream: string; readonly model: string | undefined },
  upstreams: Upstreams,
  refuse: (expected: string, end: FaultEnd) => void,
): void {
  const scripted = Object.hasOwn(upstreams, upstream) ? upstreams[upstream]?.scripted : undefined;
  if (scripted === undefined || (model !== undefined && Object.hasOwn(scripted, model))) return;
  refuse(`a model that the upstream "${upstream}" plays`, { mend: oneOf(model ?? "", scripted) });
}

/** @param field the field to which the user can add a name. */
function oneOf(given: string, known: Readonly<Record<string, unknown>>, field?: string): string {
  const names = Object.keys(known);
  const listed = names.join(", ") || "none is configured";
  const add = field === undefined ? "." : `; or add it to "${field}".`;
  return `${sayMeant(given, names)} Write one of: ${listed}${add}`.trimStart();
}
