"""The descriptions of hplint's own formats pass the checks that a project's own do."""

from __future__ import annotations

from pathlib import Path

import pytest

from hplint.formats.describe import DescriptionError, check_description
from hplint.syntax import yaml
from hplint.text import decode

PATHS = sorted((Path(__file__).parents[2] / "schemas").glob("*/format.yaml"))


@pytest.mark.parametrize("path", PATHS, ids=[path.parent.name for path in PATHS])
def test_a_description_is_in_order(path: Path) -> None:
    tree = yaml.parse(decode(path.read_bytes()))
    assert tree.root is not None
    try:
        check_description(tree.root)
    except DescriptionError as error:
        line = tree.source.position(error.node.start).line
        pytest.fail(f"{path.parent.name}/format.yaml:{line}: {error.message}")
