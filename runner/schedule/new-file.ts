/** How a new file begins: its form, and the standing jobs that a user may switch on. */
export const NEW_FILE = `# Planned windows: local start, end, window, agent, provider.
# Blank lines and lines that begin with # say nothing.
#
# Standing jobs of "experiment schedule run". Remove the # of those that you want.
# job before experiment snapshot before {provider} --run --window {window} --agent {agent}
# job after experiment snapshot after {provider} --run --window {window} --agent {agent}
# job before:claude experiment snapshot before claude --tmux monitor --window {window} --agent {agent}
# job after:claude experiment snapshot after claude --tmux monitor --window {window} --agent {agent}
# job daily 06:30 ccusage claude daily --json | experiment ingest ccusage --stdin --by-time
# job weekly mon 06:45 ccusage claude weekly --json | experiment ingest ccusage --stdin --by-time
# job after experiment checkpoint mid --session {date} --task day --window {window} --provider {provider} --agent {agent}

`;
