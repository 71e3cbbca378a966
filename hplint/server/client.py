"""What the client says of itself in `initialize`; nothing beyond that is used or asked of it."""

from __future__ import annotations

from hplint.server.positions import ENCODINGS, UTF16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Client:
    """A client's name, and what it offers. Whatever in `initialize` is not as specified counts as not offered."""

    def __init__(self, params: dict[str, Any]) -> None:
        self._capabilities = params.get("capabilities")
        named = params.get("clientInfo")
        self.name = str(named.get("name", "")) if isinstance(named, dict) else ""
        pid = params.get("processId")
        self.process_id = pid if type(pid) is int and pid > 0 else None
        wanted = self.listed("general", "positionEncodings")
        self.encoding: str = next((name for name in wanted if name in ENCODINGS), UTF16)

        # A client that cannot be told to ask again would keep old diagnostics when settings change.
        self.pulls = self.offers("textDocument", "diagnostic") and self.offers(
            "workspace", "diagnostics", "refreshSupport"
        )
        # Neovim 0.12, told to ask again, asks for the workspace alone and leaves documents that are open as they were.
        self.pulls_workspace = self.pulls and self.name != "Neovim"
        shown = ("textDocument", "diagnostic" if self.pulls else "publishDiagnostics")
        pushed = ("textDocument", "publishDiagnostics")
        self.shows_related = self.offers(*shown, "relatedInformation") or self.offers(*pushed, "relatedInformation")
        self.shows_links = self.offers(*shown, "codeDescriptionSupport") or self.offers(
            *pushed, "codeDescriptionSupport"
        )
        self.keeps_data = self.offers(*shown, "dataSupport") or self.offers(*pushed, "dataSupport")
        self.tags = self.listed(*shown, "tagSupport", "valueSet") or self.listed(*pushed, "tagSupport", "valueSet")
        self.takes_versions = self.offers(*pushed, "versionSupport")

    def value(self, *path: str) -> Any:
        """Return what stands at `path` in the capabilities, None if nothing does."""
        found = self._capabilities
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def offers(self, *path: str) -> bool:
        """Whether the capability at `path` is there: true, or described by an object."""
        found = self.value(*path)
        return found is True or isinstance(found, dict)

    def listed(self, *path: str) -> list[Any]:
        """Return the list at `path`, empty if there is none."""
        found = self.value(*path)
        return found if isinstance(found, list) else []
