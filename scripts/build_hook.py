"""Puts the compiled knowledge into the wheel: the hook that hatchling calls when it builds one."""

from __future__ import annotations

import os
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnowledgeHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's generic has no use here
    """Compiles rules/ and schemas/ into hplint/_knowledge."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules and tell hatchling to pack them although git ignores them."""
        if version == "editable":
            return  # a checkout makes them when first used
        sys.path.insert(0, self.root)
        from hplint.knowledge import write_files
        from hplint.rules.build import build_files

        folder = os.path.join(self.root, "hplint", "_knowledge")
        files = build_files(self.root)
        write_files(files, folder)
        for name in (*files, "__init__.py"):
            build_data["force_include"][os.path.join(folder, name)] = f"hplint/_knowledge/{name}"
