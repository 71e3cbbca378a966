"""Settings that come and change: from the client, and from the project's files."""

from __future__ import annotations

from hplint.server.preferences import Preferences, read_preferences
from hplint.server.uris import path_of, uri_of
from hplint.settings import FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.session import Session

SECTION = "hplint"


def ask(session: Session) -> None:
    """Ask the client for its settings: those for everything, and those of each folder."""
    if not session.client.offers("workspace", "configuration"):
        return
    folders = list(session.folders)
    scopes: list[dict[str, str]] = [{"section": SECTION}]
    scopes += ({"scopeUri": uri_of(folder), "section": SECTION} for folder in folders)

    def take(answer: Any) -> None:
        answers = answer if isinstance(answer, list) else []
        read = [read_preferences(said) for said in answers] or [Preferences()]
        session.set_preferences(read[0], dict(zip(folders, read[1:])))

    session.ask("workspace/configuration", {"items": scopes}, take)


def watch(session: Session) -> None:
    """Ask the client to tell when settings change, as far as it can."""
    registrations = []
    if session.client.offers("workspace", "didChangeWatchedFiles", "dynamicRegistration"):
        watchers = [{"globPattern": f"**/{name}"} for name in (*FILES, "*.{yaml,yml,json,toml,cfg,conf,keras}")]
        registrations.append(
            {
                "id": "hplint-files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            }
        )
    if session.client.offers("workspace", "didChangeConfiguration", "dynamicRegistration"):
        registrations.append(
            {
                "id": "hplint-settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": {"section": SECTION},
            }
        )
    if registrations:
        session.ask("client/registerCapability", {"registrations": registrations}, lambda _: None)


def did_change_configuration(session: Session, params: Any) -> None:
    """The client's settings have changed: they are in the message, or to be asked for."""
    if session.client.offers("workspace", "configuration"):
        ask(session)
    elif isinstance(params, dict) and isinstance(params.get("settings"), dict):
        session.set_preferences(read_preferences(params["settings"]), {})


def did_change_watched_files(session: Session, params: Any) -> None:
    """Files have changed outside of the editor; what a settings file says counts from now on."""
    changes = params.get("changes") if isinstance(params, dict) else None
    listed = changes if isinstance(changes, list) else ()
    uris = [change.get("uri") for change in listed if isinstance(change, dict)]
    paths = [path_of(uri) for uri in uris if isinstance(uri, str)]
    if paths:
        session.files_changed(paths)


def did_save(session: Session, params: Any) -> None:
    """A document is saved. A client that watches no files tells of a settings file this way only."""
    item = params.get("textDocument") if isinstance(params, dict) else None
    uri = item.get("uri") if isinstance(item, dict) else None
    watches = session.client.offers("workspace", "didChangeWatchedFiles", "dynamicRegistration")
    session.files_changed([path_of(uri)] if watches and isinstance(uri, str) else [])


def did_change_workspace_folders(session: Session, params: Any) -> None:
    """Folders were added to the workspace or taken from it."""
    event = params.get("event") if isinstance(params, dict) else None
    event = event if isinstance(event, dict) else {}
    removed, added = folders_in(event.get("removed")), folders_in(event.get("added"))
    session.folders = [folder for folder in session.folders if folder not in removed]
    session.folders += [folder for folder in added if folder not in session.folders]
    ask(session)
    session.disk_changed()


def folders_in(listed: Any) -> list[str]:
    """Return the paths of a list of workspace folders; what has no path is left out."""
    uris = [folder.get("uri") for folder in listed if isinstance(folder, dict)] if isinstance(listed, list) else []
    return [path for path in (path_of(uri) for uri in uris if isinstance(uri, str)) if path]
