"""What is being written at an offset, told from the text alone, so that it works while the text is broken."""

from __future__ import annotations

from hplint.ide.blocks import yaml_places
from hplint.ide.brackets import json_places
from hplint.ide.tables import toml_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hplint.ide.place import Place


def places(text: str, syntax: str, offset: int) -> tuple[Place, ...]:
    """Return what may be being written at `offset`, most likely first; several where an indentation fits two blocks.

    Empty inside comments and texts of several lines. `syntax` is that of a Tree. Takes time linear in the
    length of the text.
    """
    offset = max(0, min(offset, len(text)))
    # Offsets stay as they are; of a CR LF only an empty line is left behind.
    plain = text.replace("\r", "\n") if "\r" in text else text
    if syntax == "json":
        return json_places(plain, offset)
    if syntax in ("toml", "cfg"):  # sections of a .cfg are written like tables
        return toml_places(plain, offset)
    return yaml_places(plain, offset)
