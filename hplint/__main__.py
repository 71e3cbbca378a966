"""`python -m hplint` does what `hplint` does."""

from __future__ import annotations

import sys

from hplint.cli.main import main

sys.exit(main())
