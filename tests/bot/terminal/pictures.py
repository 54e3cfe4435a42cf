"""Small pictures for the tools, written where a test wants them."""

import io
import json
import zipfile
from pathlib import Path

from PIL import Image

from core.imaging.demo import grid

SETTINGS = """
[storage]
min_free_mib = 0
[cutout]
better = "none"
index = false
mirrors = []
"""
TINY = Path(__file__).parents[2] / "core" / "adapters" / "cutout" / "tiny_u2net.onnx"


def a_grid(path: Path, side: int = 256) -> Path:
    """A 2x2 grid as the demo model paints it, pixels only."""
    picture = grid("a red fox", seed=7, width=side, height=side)
    picture.save(path, _format(path))
    return path


def a_photo(path: Path) -> Path:
    """A dark disc on a light ground: something that can be cut out, and is no grid."""
    picture = Image.radial_gradient("L").resize((160, 120))
    Image.merge(
        "RGB", [picture.point(lambda v, k=k: 255 if v > 90 else 40 * k) for k in (1, 2, 3)]
    ).save(path, _format(path))
    return path


def names_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return opened.namelist()


def manifest_of(archive: Path) -> list[dict[str, object]]:
    with zipfile.ZipFile(archive) as opened:
        images = json.loads(opened.read("manifest.json"))["images"]
        assert isinstance(images, list)
        return images


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def encoded(picture: Image.Image, format_: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_)
    return buffer.getvalue()


def _format(path: Path) -> str:
    return {".jpg": "JPEG", ".webp": "WEBP"}.get(path.suffix, "PNG")
