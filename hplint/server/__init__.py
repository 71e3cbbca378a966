"""The language server: hplint's findings, fixes and knowledge while people type.

    endpoints, frames   stdio, TCP or WebSocket -> messages
    loop                one message after the other; what was cancelled or overtaken is not done
    lifecycle           initialize, shutdown, exit; client, capabilities: what both sides can do
    session             what the server knows: the client, its open documents, the project's settings
    sync, documents     documents that open, change and close; positions in UTF-8, UTF-16 and UTF-32
    diagnostics         findings as the protocol says them; pull, workspace: for clients that ask for them
    project, configuration, preferences     settings of the project and of the editor, and their changes
    requests            everything else that editors ask for, through pygls and lsprotocol
    preparing           imports those on a thread of its own
    features/           one module per method, or closely related group of methods

What is on the way of every keystroke (opening, changing, diagnostics) works on plain JSON: pygls and lsprotocol take
longer to import than all of hplint takes to start and to lint, so they are imported once the first diagnostics are out,
while changes go on being linted.
"""
