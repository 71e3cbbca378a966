"""How a session begins and ends: initialize, shutdown, exit."""

from __future__ import annotations

from hplint import __version__
from hplint.server import configuration
from hplint.server.capabilities import capabilities
from hplint.server.client import Client
from hplint.server.errors import INVALID_PARAMS, Refused
from hplint.server.preferences import read_preferences
from hplint.server.uris import path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.session import Session


def initialize(session: Session, params: Any) -> dict[str, Any]:
    """Take note of the client and answer with what the server offers. Raises Refused if there is nothing to read."""
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "initialize needs params")
    session.client = Client(params)
    session.folders = _folders(params)
    session.set_preferences(read_preferences(params.get("initializationOptions")), {})
    return {"capabilities": capabilities(session.client), "serverInfo": {"name": "hplint", "version": __version__}}


def initialized(session: Session, params: Any) -> None:
    """The client is ready to be asked."""
    configuration.watch(session)
    configuration.ask(session)


def _folders(params: dict[str, Any]) -> list[str]:
    """Return the paths of the workspace's folders; of the older ways to say it the newest that is used counts."""
    if isinstance(params.get("workspaceFolders"), list):
        return configuration.folders_in(params["workspaceFolders"])
    if isinstance(params.get("rootUri"), str):
        path = path_of(params["rootUri"])
        return [path] if path else []
    root = params.get("rootPath")
    return [root] if isinstance(root, str) and root else []
