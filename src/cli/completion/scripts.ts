/** What each shell runs when the tab key is pressed; all of them ask `sitewright completion candidates`. */
export const SCRIPTS: Readonly<Record<string, { readonly script: string; readonly install: string }>> = {
  bash: {
    script: `_sitewright() {
  local IFS=$'\\n'
  COMPREPLY=($(sitewright completion candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace
}
complete -o default -F _sitewright sitewright
`,
    install: 'add to ~/.bashrc: eval "$(sitewright completion bash)"',
  },
  zsh: {
    script: `#compdef sitewright
_sitewright() {
  local -a found
  found=("\${(@f)$(sitewright completion candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _sitewright sitewright
`,
    install: 'add to ~/.zshrc after compinit: eval "$(sitewright completion zsh)"',
  },
  fish: {
    script: `function __sitewright_candidates
  set -l words (commandline -opc)
  sitewright completion candidates -- $words[2..] (commandline -ct) 2>/dev/null
end
complete -c sitewright -a '(__sitewright_candidates)'
`,
    install: "type: sitewright completion fish > ~/.config/fish/completions/sitewright.fish",
  },
};
