"""`hplint completion`: what lets a shell complete hplint's commands, options and their values."""

from __future__ import annotations

from importlib import import_module

from hplint import knowledge
from hplint.cli.main import CLEAN, COMMANDS
from hplint.cli.options import HELP, Command, Option, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments

SHELLS = ("bash", "zsh", "fish")

DESCRIPTION = """\
Prints a script with which a shell completes hplint's commands, options, rules, formats and file names.
"""

EPILOG = """\
exit status:
  0  the script was printed
  2  there is no script for that shell

examples:
  bash   eval "$(hplint completion bash)"                                in ~/.bashrc
  zsh    eval "$(hplint completion zsh)"                                 in ~/.zshrc, behind compinit
  fish   hplint completion fish > ~/.config/fish/completions/hplint.fish
"""

COMMAND = Command("completion", DESCRIPTION, "SHELL", "bash, zsh or fish", "1", (), EPILOG)


def run(arguments: Arguments) -> int:
    """Print the script; returns the exit status. Raises UsageError."""
    shell = arguments.operands[0]
    if shell not in SHELLS:
        raise UsageError(f"there is no completion for `{shell}`; known are {', '.join(SHELLS)}")
    commands = [import_module(f"hplint.cli.{name.replace('-', '_')}").COMMAND for name in COMMANDS]
    print({"bash": bash, "zsh": zsh, "fish": fish}[shell](commands), end="")
    return CLEAN


def _words(option: Option) -> str | None:
    """Return the words that an option's value is one of, None where it is a file or anything."""
    if option.choices:
        return " ".join(option.choices)
    if option.value == "RULES":
        return " ".join([*_families(), *(rule.code for rule in knowledge.rules())])
    return " ".join(knowledge.formats()) if option.flag == "--format" and option.value == "NAME" else None


def _families() -> list[str]:
    return ["ALL", *sorted({rule.code.rstrip("0123456789") for rule in knowledge.rules()})]


def _operands(command: Command) -> str | None:
    """Return the words that a command's operand is one of, None where it is a file."""
    known = {
        "RULE": [rule.code for rule in knowledge.rules()],
        "SHELL": list(SHELLS),
        "NAME": [*knowledge.formats(), "settings", "output"],
        "": [],
    }
    return " ".join(known[command.operand]) if command.operand in known else None


def _flags(command: Command) -> list[str]:
    return [name for option in (*command.options, HELP) for name in (option.flag, option.short) if name]


def _names(option: Option) -> str:
    """Return how an option may be written, as a pattern of a shell."""
    return f"{option.flag}|{option.short}" if option.short else option.flag


def bash(commands: list[Command]) -> str:
    """Return the script for bash."""
    cases = []
    for command in commands:
        values = "".join(
            f'        {_names(option)}) COMPREPLY=($(compgen -W "{words}" -- "$cur")); return ;;\n'
            for option in command.options
            for words in [_words(option)]
            if words is not None and not option.bare
        )
        taken = [_names(option) for option in command.options if option.value and _words(option) is None]
        files = f"        {'|'.join(taken)}) compopt -o default; COMPREPLY=(); return ;;\n" if taken else ""
        operands = _operands(command)
        plain = "compopt -o default; COMPREPLY=()"
        if operands is not None:
            plain = f'COMPREPLY=($(compgen -W "{operands}" -- "$cur"))'
        inside = f'      case "$prev" in\n{values}{files}      esac\n' if values or files else ""
        cases.append(
            f"    {command.name})\n{inside}"
            f'      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "{" ".join(_flags(command))}" -- "$cur"))\n'
            f"      else {plain}; fi ;;\n"
        )
    names = " ".join([*COMMANDS, "--help", "--version"])
    return (
        "_hplint() {\n"
        '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"\n'
        '  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi\n'
        "  COMPREPLY=()\n"
        f'  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W "{names}" -- "$cur")); return; fi\n'
        f'  case "${{COMP_WORDS[1]}}" in\n{"".join(cases)}  esac\n}}\n'
        "complete -F _hplint hplint\n"
    )


def zsh(commands: list[Command]) -> str:
    """Return the script for zsh."""
    cases = []
    for command in commands:
        specs = [spec for option in (*command.options, HELP) for spec in _zsh_options(option)]
        operands = _operands(command)
        specs.append("'*:file:_files'" if operands is None else f"'*:word:({operands})'")
        listed = " \\\n        ".join(specs)
        cases.append(f"      {command.name})\n        _arguments \\\n        {listed} ;;\n")
    described = "\n".join(f"    {_quoted(f'{name}:{summary}')}" for name, summary in COMMANDS.items())
    return (
        "#compdef hplint\n_hplint() {\n  local -a commands\n  commands=(\n"
        f"{described}\n  )\n"
        "  if ((CURRENT == 2)); then _describe command commands; return; fi\n"
        "  local command=${words[2]}\n  shift words\n  ((CURRENT--))\n"
        f'  case "$command" in\n{"".join(cases)}  esac\n}}\n'
        "compdef _hplint hplint\n"
    )


def _zsh_options(option: Option) -> list[str]:
    words = _words(option)
    said = option.help.replace("[", "(").replace("]", ")").replace(":", ",").replace("`", "")
    several = "*" if option.several else ""
    joint = "=" if option.value else ""
    action = ""
    if option.value:
        action = f":{option.value.lower()}:" + (f"({words})" if words is not None else "_files")
    either = f"({option.short} {option.flag})" if option.short else ""
    specs = [_quoted(f"{either}{several}{option.flag}{joint}[{said}]{action}")]
    return [*specs, _quoted(f"{either}{several}{option.short}[{said}]{action}")] if option.short else specs


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def fish(commands: list[Command]) -> str:
    """Return the script for fish."""
    lines = ["complete -c hplint -n __fish_use_subcommand -f"]
    lines += [
        f"complete -c hplint -n __fish_use_subcommand -f -a {name} -d {_quoted(summary)}"
        for name, summary in COMMANDS.items()
    ]
    for command in commands:
        when = _quoted(f"__fish_seen_subcommand_from {command.name}")
        operands = _operands(command)
        if operands is not None:
            lines.append(f"complete -c hplint -n {when} -f -a {_quoted(operands)}")
        for option in (*command.options, HELP):
            words = _words(option)
            takes = (
                "" if not option.value or option.bare else f" -x -a {_quoted(words)}" if words is not None else " -r"
            )
            said = _quoted(option.help.split("; ")[0])
            short = f" -s {option.short.removeprefix('-')}" if option.short else ""
            lines.append(f"complete -c hplint -n {when}{short} -l {option.flag.removeprefix('--')}{takes} -d {said}")
    return "\n".join(lines) + "\n"
