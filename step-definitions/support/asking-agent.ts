const ASK = `for (const url of process.argv.slice(1)) {
  await fetch(url).then((answer) => answer.text()).then(console.log, (error) => console.log(error.cause?.message));
}`;

/** An answer that lets the agent ask for each address with Node.js, which honours the proxy. */
export function askingFor(urls: readonly string[]) {
  const words = ["--input-type=module", "-e", `'${ASK}'`, ...urls.map((url) => `'${url}'`)];
  const command = `NODE_USE_ENV_PROXY=1 node ${words.join(" ")}`;
  const content = [{ type: "tool_use", id: "toolu_1", name: "run_command", input: { command } }];
  return { content, stopReason: "tool_use" } as const;
}
