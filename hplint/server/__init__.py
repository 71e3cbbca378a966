"""The language server: hplint's findings, fixes and knowledge while people type.

    endpoints   stdio, TCP, WebSocket -> one connection
    frames      messages on a stream of bytes
    loop        one message after the other; reads ahead, so that what was cancelled or overtaken is not done
    lifecycle   initialize, shutdown, exit
    session     what the server knows: the client, its open documents, settings, folders
    sync        documents that open, change and close; diagnostics pushed and pulled
    requests    everything else that editors ask for, through pygls and lsprotocol
    features/   one module per method, or closely related group of methods

What is on the way of every keystroke (opening, changing, diagnostics) works on plain JSON: pygls and lsprotocol take
longer to import than all of hplint takes to start and to lint, so they are imported once the first diagnostics are out.
"""
