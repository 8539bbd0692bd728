/** How a new file begins: its form, and the standing jobs that a user may switch on. */
export const NEW_FILE = `# Planned windows: local start, end, window, agent, provider.
# Blank lines and lines that begin with # say nothing.
#
# Standing jobs of "experiment schedule run". Remove the # of those that you want.
# job before:codex experiment snapshot before codex --run --window {window} --agent {agent}
# job after:codex experiment snapshot after codex --run --window {window} --agent {agent}
# job before:claude experiment snapshot before claude --run --window {window} --agent {agent}
# job after:claude experiment snapshot after claude --run --window {window} --agent {agent}
# For claude-monitor, instead of the two lines above. The program ./claude-screens prints its screen and Claude's limits:
# job before:claude ./claude-screens | experiment snapshot before claude --window {window} --agent {agent}
# job after:claude ./claude-screens | experiment snapshot after claude --window {window} --agent {agent}
# The tokens of a window are what the second report has more than the first one:
# job before:claude ccusage claude daily --json | experiment ingest ccusage --stdin --window {window} --provider claude --agent {agent}
# job after:claude ccusage claude daily --json | experiment ingest ccusage --stdin --window {window} --provider claude --agent {agent}
# job before:claude ccusage claude weekly --json | experiment ingest ccusage --stdin --window {window} --provider claude --agent {agent}
# job after:claude ccusage claude weekly --json | experiment ingest ccusage --stdin --window {window} --provider claude --agent {agent}
# job after experiment checkpoint mid --session {date} --task day --window {window} --provider {provider} --agent {agent}

`;
