"""`hplint schema`: the JSON Schemas that hplint checks with, for editors and other programs."""

from __future__ import annotations

import json
import sys

from hplint import knowledge
from hplint.cli.main import CLEAN, UNABLE
from hplint.cli.options import Command
from hplint.output.terminal import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.cli.options import Arguments

SETTINGS, OUTPUT = "settings", "output"

DESCRIPTION = """\
Prints a JSON Schema: of a format, as hplint checks configs with it; of the settings (`settings`); or of
what `hplint check --output-format json` prints (`output`). Without a name, lists what there is.
"""

EPILOG = """\
exit status:
  0  the schema was printed
  2  there is no such schema

examples:
  hplint schema ludwig > ludwig.schema.json
  hplint schema settings
"""

COMMAND = Command("schema", DESCRIPTION, "NAME", "a format, `settings` or `output`", "*", (), EPILOG)


def run(arguments: Arguments) -> int:
    """Print the schemas; returns the exit status."""
    names = [name for name in knowledge.formats() if knowledge.schema(name) is not None]
    known = [*names, SETTINGS, OUTPUT]
    if not arguments.operands:
        print("\n".join(known))
        return CLEAN
    for name in arguments.operands:
        if name not in known:
            from difflib import get_close_matches

            close = get_close_matches(name, known, 1)
            hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
            print(f"hplint: there is no schema of `{escape(name)}`; {hint}", file=sys.stderr)
            return UNABLE
        print(json.dumps(_schema(name), indent=1))
    return CLEAN


def _schema(name: str) -> dict[str, Any] | None:
    if name == SETTINGS:
        from hplint.settings_keys import schema

        return schema()
    if name == OUTPUT:
        from importlib.resources import files

        found: dict[str, Any] = json.loads(files("hplint.output").joinpath("schema.json").read_text("utf-8"))
        return found
    return knowledge.schema(name)
