import type { UpstreamAuth } from "./upstream.ts";

export type KeyHeader = Extract<UpstreamAuth, { mode: "key" }>["header"];

/** A vendor of models: its hosts, and the names of the variables that usually hold its keys. */
interface Vendor {
  readonly name: string;
  readonly hosts: RegExp;
  readonly variables: RegExp;
  readonly keyVariable: string;
  /** The header in which its own API wants the key. */
  readonly header?: KeyHeader;
}

/** The vendors whose upstreams exist without being configured, by the upstream's name. */
export const OWN_UPSTREAMS = {
  anthropic: { baseUrl: "https://api.anthropic.com" },
  openai: { baseUrl: "https://api.openai.com" },
  google: { baseUrl: "https://generativelanguage.googleapis.com" },
  dashscope: { baseUrl: "https://dashscope.aliyuncs.com/compatible-mode" },
} as const satisfies Readonly<Record<string, { readonly baseUrl: string }>>;

const VENDORS: readonly Vendor[] = [
  {
    name: "anthropic",
    hosts: /(?:^|\.)(?:anthropic\.com|claude\.ai)$/,
    variables: /^(?:ANTHROPIC|CLAUDE)_/,
    keyVariable: "ANTHROPIC_API_KEY",
    header: "x-api-key",
  },
  {
    name: "openai",
    hosts: /(?:^|\.)(?:openai\.com|chatgpt\.com)$/,
    variables: /^(?:OPENAI|CODEX)_/,
    keyVariable: "OPENAI_API_KEY",
    header: "bearer",
  },
  {
    name: "google",
    hosts: /(?:^|\.)googleapis\.com$/,
    variables: /^(?:GEMINI|GOOGLE)_/,
    keyVariable: "GEMINI_API_KEY",
    header: "x-goog-api-key",
  },
  vendor("zai", /(?:^|\.)(?:z\.ai|bigmodel\.cn)$/, /^(?:ZAI|ZHIPU|ZHIPUAI|GLM)_/),
  vendor("moonshot", /(?:^|\.)(?:moonshot\.ai|moonshot\.cn|kimi\.com)$/, /^(?:MOONSHOT|KIMI)_/),
  {
    ...vendor("dashscope", /(?:^|\.)aliyuncs\.com$/, /^(?:DASHSCOPE|QWEN)_/),
    header: "bearer",
  },
  vendor("deepseek", /(?:^|\.)deepseek\.com$/, /^DEEPSEEK_/),
  vendor("openrouter", /(?:^|\.)openrouter\.ai$/, /^OPENROUTER_/),
  vendor("mistral", /(?:^|\.)mistral\.ai$/, /^MISTRAL_/),
  vendor("groq", /(?:^|\.)groq\.com$/, /^GROQ_/),
  vendor("xai", /(?:^|\.)x\.ai$/, /^XAI_/),
];

function vendor(name: string, hosts: RegExp, variables: RegExp): Vendor {
  return { name, hosts, variables, keyVariable: `${name.toUpperCase()}_API_KEY` };
}

/** Undefined for a gateway, a machine of your own, and other unknown hosts. A name may end in the dot of the root. */
export function vendorOfHost(hostname: string): Vendor | undefined {
  const name = hostname.toLowerCase().replace(/\.$/, "");
  return VENDORS.find(({ hosts }) => hosts.test(name));
}

/** The vendor whose key a variable holds by its name. */
export function vendorOfVariable(variable: string): Vendor | undefined {
  return VENDORS.find(({ variables }) => variables.test(variable));
}

export function vendorNamed(name: string): Vendor | undefined {
  return VENDORS.find((one) => one.name === name);
}
