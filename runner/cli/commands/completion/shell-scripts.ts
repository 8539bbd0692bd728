export const SHELLS = ["bash", "zsh", "fish"] as const;

type Shell = (typeof SHELLS)[number];

/** Both names of the program. */
const NAMES = "experiment counterbalance";

/**
 * What each shell runs at the Tab key: it asks the program for the words that fit, and takes files if there
 * are none. The script calls the program by its name on the command line.
 */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_counterbalance() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -o default -F _counterbalance ${NAMES}
`,
  zsh: `#compdef ${NAMES}
_counterbalance() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then _describe word found; else _files; fi
}
compdef _counterbalance ${NAMES}
`,
  fish: `function __counterbalance
  set -l words (commandline -opc)
  set -l found ($words[1] completion fish -- $words[2..] "$(commandline -ct)" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c experiment -f -a '(__counterbalance)'
complete -c counterbalance -f -a '(__counterbalance)'
`,
};
