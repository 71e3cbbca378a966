#!/usr/bin/env bash
# Puts a copy of hplint and what its server needs into bundled/, all of it plain Python that runs on every platform:
# libs/ goes before the environment's own packages; pure/, with PyYAML's slower parser in Python, after them.
# HPLINT_WHEEL names a wheel of hplint to take; without it, one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
rm -rf bundled/libs bundled/pure
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$PYTHON" -m venv "$work/venv"
install() { "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile "$@"; }

# A wheel, so that the rules are compiled in and nothing else of this checkout goes along.
if [[ -z ${HPLINT_WHEEL:-} ]]; then
    "$work/venv/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work" ../..
    HPLINT_WHEEL=$(echo "$work"/hplint-*.whl)
fi
install --target bundled/libs --no-deps "$HPLINT_WHEEL"
rm -rf bundled/libs/bin # the program, which would name this machine's Python

# What it depends on, whatever the version of Python at hand: the bundle serves them all.
mapfile -t needed < <("$work/venv/bin/python" - bundled/libs <<'NEEDED'
import sys
from importlib.metadata import distributions

[hplint] = [found for found in distributions(path=[sys.argv[1]]) if found.name == "hplint"]
for requirement in hplint.requires or []:
    specifier, _, marker = requirement.partition(";")
    if "extra" not in marker and not specifier.lower().startswith("pyyaml"):
        print(specifier.strip())
NEEDED
)
# The last two are needed by pygls' own dependencies on Python 3.10.
install --target bundled/libs --only-binary :all: --platform any --implementation py --abi none \
    "${needed[@]}" exceptiongroup typing_extensions
PYYAML_FORCE_LIBYAML=0 install --target bundled/pure --no-deps --no-binary PyYAML PyYAML
rm -rf bundled/libs/bin

compiled=$(find bundled -name '*.so' -o -name '*.pyd')
[[ -z $compiled ]] || { echo "not plain Python: $compiled" >&2; exit 1; }
