"""Installs hplint, from this checkout, and the programs that it is compared with, at versions that stand here.

The peers are not hplint's own dependencies: they come from PyPI and npm into a folder of their own, once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

PYTHON_PEERS = {
    "yamllint": "1.38.0",
    "check-jsonschema": "0.39.0",
    "ryl": "0.26.1",  # yamllint in Rust; its server too
    "ruff": "0.17.6",
}
NODE_PEERS = {
    "yaml-language-server": "1.25.0",
    "ajv-cli": "5.0.0",
}
PROJECT = Path(__file__).parents[1]


def install(folder: Path) -> Path:
    """Install what is missing in a folder, and hplint anew; returns the Python there, beside which its scripts are.

    npm's peers come to stand in `folder/node`, where npm is found; without it they are left out.
    """
    home = folder / "python"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(home, with_pip=True)
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
          *(f"{name}=={version}" for name, version in PYTHON_PEERS.items()), "build"])  # fmt: skip
    wheels = folder / "wheels"
    for old in wheels.glob("*.whl"):
        old.unlink()
    _run([str(python), "-m", "build", "--wheel", "--outdir", str(wheels), str(PROJECT)])
    wheel = next(wheels.glob("*.whl"))
    quiet = ["--quiet", "--disable-pip-version-check"]
    _run([str(python), "-m", "pip", "install", *quiet, str(wheel)])  # with what it depends on
    _run([str(python), "-m", "pip", "install", *quiet, "--force-reinstall", "--no-deps", str(wheel)])
    _install_node(folder / "node")
    return python


def _install_node(folder: Path) -> None:
    """Install npm's peers, unless they stand there at these versions."""
    manifest = folder / "package.json"
    wanted = {"private": True, "dependencies": NODE_PEERS}
    if manifest.exists() and json.loads(manifest.read_text()) == wanted and (folder / "node_modules").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(wanted))
    try:
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)])
    except FileNotFoundError:
        print("npm is not here: its programs are left out", file=sys.stderr)


def node_script(folder: Path, name: str) -> Path | None:
    """Return the program of one of npm's peers, or None where it was not installed."""
    script = folder / "node" / "node_modules" / ".bin" / name
    return script if script.exists() else None


def _run(command: list[str]) -> None:
    """Run a step of the installation; raises SystemExit with what it said if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
