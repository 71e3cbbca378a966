"""`python -m hplint` does what `hplint` does."""

from __future__ import annotations

import sys

if not getattr(sys.flags, "safe_path", False):
    # `-m` lets modules be found in the working folder first. That is the workspace, where a yaml.py may lie.
    del sys.path[0]

from hplint.cli.main import main

sys.exit(main())
