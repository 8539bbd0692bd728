import { stringify } from "yaml";

import { startFakeUpstream } from "../../runner/gateway/proxy/test-support/fake-upstream.ts";
import { send } from "../../runner/gateway/proxy/test-support/send.ts";
import { openProxyOf } from "./open-proxy.ts";
import { shortBank } from "./short-bank.ts";
import { SMALL_MODEL } from "./small-experiment.ts";
import type { ExperimentWorld } from "./world.ts";

/** A vendor's language: its path, and an answer in it. */
const LANGUAGES: Readonly<Record<string, { readonly path: string; readonly answer: object }>> = {
  Anthropic: { path: "/v1/messages", answer: { type: "message", role: "assistant", content: [] } },
  OpenAI: { path: "/v1/responses", answer: { object: "response", status: "completed" } },
};

/** Writes an experiment on an upstream whose every answer tells this usage; fields as dotted paths. */
export async function usePricedUpstream(
  world: ExperimentWorld,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const usage = nest(fields);
  const upstream = await startFakeUpstream((response, { url, body }) => {
    const { model } = JSON.parse(String(body));
    const language = Object.values(LANGUAGES).find(({ path }) => url === path);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "one", model, ...language?.answer, usage }));
  });
  world.cleanups.push(() => upstream.stop());
  world.variables["VENDOR_KEY"] = "sk-of-vendor";
  const provider = { driver: "builtin-agent", model: SMALL_MODEL, upstream: "vendor" };
  world.write(
    "experiment.yaml",
    stringify({
      tasks: { bank: shortBank(), include: ["lru-cache"] },
      providers: { plain: provider, other: { ...provider, model: "model-b" } },
      upstreams: { vendor: { base_url: upstream.origin, auth: "env VENDOR_KEY" } },
    }),
  );
}

/** Asks through the product's own proxy, and closes it, so that the row is there. */
export async function askInLanguage(
  world: ExperimentWorld,
  language: string,
  model: string,
): Promise<void> {
  const proxy = openProxyOf(world);
  await proxy.open();
  const path = LANGUAGES[language]?.path ?? "";
  const body = JSON.stringify({ model, messages: [], input: [] });
  await send(`${proxy.address("plain")}${path}`, { headers: { "x-api-key": "sk-agent" }, body });
  await proxy.close();
}

function nest(fields: Readonly<Record<string, string>>): object {
  const usage: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(fields)) {
    const [outer = "", inner] = name.split(".");
    usage[outer] =
      inner === undefined
        ? valueOf(text)
        : Object.assign(usage[outer] ?? {}, { [inner]: valueOf(text) });
  }
  return usage;
}

function valueOf(text: string): number | string {
  return Number.isNaN(Number(text)) ? text : Number(text);
}
