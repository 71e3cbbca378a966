"""Runs hplint for the VS Code extension: that of the Python environment, or the copy in this folder.

    python launch.py fromEnvironment|useBundled --describe     tell which one, as a line of JSON
    python launch.py fromEnvironment|useBundled COMMAND...     run it, as `hplint COMMAND...`

Started by its path, so that Python looks for modules beside this file and never in the folder of the workspace.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent / "libs"
LAST_RESORT = Path(__file__).resolve().parent / "pure"
NEEDED = ("hplint", "pygls", "lsprotocol")
OLDEST = (3, 10)


def choose(strategy: str) -> str:
    """Return "environment" or "bundled", with the module path arranged to match."""
    if strategy == "fromEnvironment" and all(find_spec(name) for name in NEEDED):
        return "environment"
    if not BUNDLE.is_dir():
        missing = ", ".join(name for name in NEEDED if not find_spec(name))
        sys.exit(f"this build of the extension carries no copy of hplint, and the environment lacks {missing}")
    sys.path.insert(0, str(BUNDLE))
    sys.path.append(str(LAST_RESORT))  # PyYAML in pure Python: the environment's own, if any, has the faster parser
    return "bundled"


def main(arguments: list) -> int:  # no list[str]: an older Python must get as far as the message below
    """Describe or run hplint."""
    strategy, *command = arguments
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"hplint needs Python {OLDEST[0]}.{OLDEST[1]} or later, and this is {found}")
    origin = choose(strategy)
    if command == ["--describe"]:
        import json
        import platform

        print(json.dumps({"python": platform.python_version(), "executable": sys.executable, "origin": origin}))
        return 0
    from hplint.cli.main import main as hplint

    return hplint(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
