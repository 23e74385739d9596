/**
 * The completion script for each shell. The scripts contain no names; they call `ips __complete`, and therefore stay valid when
 * commands or profiles change. It prints a value, a tab and a description per line; the line `:files` requests file completion.
 */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: `# bash completion for ips. In ~/.bashrc: source <(ips completion bash)
_ips() {
  local line value files=0 word="\${COMP_WORDS[COMP_CWORD]}"
  local -a words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  # Bash splits words at = and :, so join them again.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    local cur cword
    local -a parts
    _get_comp_words_by_ref -n "=:" -c cur -w parts -i cword 2>/dev/null && {
      words=("\${parts[@]:1:cword}")
      word="$cur"
    }
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then files=1; continue; fi
    value="\${line%%$'\\t'*}"
    [[ -n "$value" ]] && COMPREPLY+=("$value")
  done < <(ips __complete "\${words[@]}" 2>/dev/null)
  if (( files )); then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  elif [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _ips ips
`,
  zsh: `#compdef ips
# zsh completion for ips: ips completion zsh > ~/.zfunc/_ips, a folder of fpath
_ips() {
  local line value files=0
  local -a values
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then files=1; continue; fi
    value="\${line%%$'\\t'*}"
    [[ -n "$value" ]] && values+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done < <(ips __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#values} )) && _describe 'ips' values
  (( files )) && _files
}
if [[ "\${funcstack[1]}" == "_ips" ]]; then _ips "$@"; else compdef _ips ips; fi
`,
  fish: `# fish completion for ips: ips completion fish > ~/.config/fish/completions/ips.fish
function __ips_complete
  set -l words (commandline -opc)[2..] (commandline -ct)
  for line in (ips __complete $words 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c ips -f -a '(__ips_complete)'
`,
  powershell: `# PowerShell completion for ips. In $PROFILE: ips completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ips, ips.cmd, ips.ps1 -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  # The words before the cursor, without the quotes around them.
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
    ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
    })
  # An empty word cannot be passed.
  if ($wordToComplete -eq '') { $words += '""' }
  $encoding = [Console]::OutputEncoding
  try {
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    $lines = @(ips __complete @words 2>$null)
  } finally {
    [Console]::OutputEncoding = $encoding
  }
  foreach ($line in $lines) {
    # Without results, PowerShell completes files.
    if ($line -eq ':files') { continue }
    $value, $description = $line -split "\`t", 2
    if (-not $description) { $description = $value }
    $text = if ($value -match '[\\s''"(){};,|&$@#<>]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
  }
}
`,
};
