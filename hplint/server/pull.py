"""textDocument/diagnostic: diagnostics for a client that asks for them."""

from __future__ import annotations

import json
from zlib import crc32

from hplint.server.sync import document_uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.server.session import Session


def document_diagnostic(session: Session, params: Any) -> dict[str, Any]:
    """Return the report on a document: its diagnostics, or that they are those of `previousResultId`."""
    document = session.documents.get(document_uri(params))
    return report_of(session.diagnostics(document) if document is not None else [], params.get("previousResultId"))


def report_of(items: list[dict[str, Any]], previous: Any) -> dict[str, Any]:
    """Return a report of the protocol on some diagnostics; its id tells equal ones apart from others."""
    said = json.dumps(items)
    result_id = f"{crc32(said.encode()):08x}-{len(said)}"
    if previous == result_id:
        return {"kind": "unchanged", "resultId": result_id}
    return {"kind": "full", "resultId": result_id, "items": items}
