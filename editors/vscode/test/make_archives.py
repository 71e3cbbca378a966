"""Makes what the tests open: a .keras archive with a model's config and weights, and a damaged one.

python make_archives.py CONFIG FOLDER
"""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

config, folder = Path(sys.argv[1]), Path(sys.argv[2])
with ZipFile(folder / "digits.keras", "w") as archive:
    archive.writestr("metadata.json", '{"keras_version": "3.0.0"}')
    archive.write(config, "config.json", ZIP_DEFLATED)
    archive.writestr("model.weights.h5", bytes(100_000))
(folder / "damaged.keras").write_bytes(b"PK\x03\x04 and nothing of an archive")
