"""`hplint server`: the language server."""

from __future__ import annotations

from hplint.cli.options import Command, Option, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.cli.options import Arguments

DESCRIPTION = """\
Serves an editor over the language server protocol: findings while you type, fixes, explanations.
Editors start it themselves; docs/server.md tells what it offers and docs/editors.md how to set an editor up.
"""

EPILOG = """\
exit status:
  0  the editor ended the session
  1  the editor was gone without ending it
  2  the command line is wrong, or the port cannot be used

examples:
  hplint server
"""

COMMAND = Command(
    "server",
    DESCRIPTION,
    "",
    "",
    "0",
    (
        Option("--stdio", "", "talk over standard input and output (the default)"),
        Option("--tcp", "[HOST:]PORT", "wait for one editor on a TCP port; the host is 127.0.0.1 unless given"),
        Option("--ws", "[HOST:]PORT", "wait for one editor on a WebSocket"),
        Option("--log-file", "FILE", "append to a file what goes wrong inside hplint, with tracebacks"),
    ),
    EPILOG,
)


def run(arguments: Arguments) -> int:
    """Serve one client; returns the exit status. Raises UsageError."""
    from hplint.server import endpoints
    from hplint.server.loop import serve as serve_client

    log_file = arguments["--log-file"]

    def serve(connection: endpoints.Connection) -> int:
        return serve_client(connection, log_file)

    if arguments["--tcp"] is not None and arguments["--ws"] is not None:
        raise UsageError("--tcp and --ws exclude each other")
    try:
        if arguments["--tcp"] is not None:
            return endpoints.serve_tcp(serve, *_address("--tcp", arguments["--tcp"]))
        if arguments["--ws"] is not None:
            return endpoints.serve_websocket(serve, *_address("--ws", arguments["--ws"]))
    except OSError as error:
        raise UsageError(f"the port cannot be used: {error.strerror or error}") from None
    return endpoints.serve_stdio(serve)


def _address(option: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise UsageError(f"{option}: `{text}` is no port; such as {option} 8140 or {option} 127.0.0.1:8140")
    return host.strip("[]") or "127.0.0.1", int(port)
