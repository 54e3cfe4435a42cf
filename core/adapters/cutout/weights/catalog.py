"""The fixed list of models: nothing is fetched or used that does not stand here.

No model whose licence forbids commercial use (bria-rmbg), and none that sends the image away.
Each size and checksum was found pinned alike by at least two projects that are not each other's
copy; the MD5 sums that rembg itself pins belong to the same files.
"""

from dataclasses import dataclass

SMALL = "u2netp"  # 4.6 MB: what everybody can have at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One model as rembg's release v0.0.0 carries it; `file` is its name there."""

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str

    @property
    def checksum(self) -> str:
        return f"sha256:{self.sha256}"


_APACHE, _MIT = "Apache-2.0", "MIT"
_BIREFNET = 972_666_916

RELEASES: tuple[Release, ...] = (
    Release(
        name=SMALL,
        file="u2netp.onnx",
        bytes=4_574_861,
        sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        licence=_APACHE,
    ),
    Release(
        name="u2net",
        file="u2net.onnx",
        bytes=175_997_641,
        sha256="8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
        licence=_APACHE,
    ),
    Release(
        name="silueta",
        file="silueta.onnx",
        bytes=44_173_029,
        sha256="75da6c8d2f8096ec743d071951be73b4a8bc7b3e51d9a6625d63644f90ffeedb",
        licence="not stated",
    ),
    Release(
        name="isnet-general-use",
        file="isnet-general-use.onnx",
        bytes=178_648_008,
        sha256="60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
        licence=_APACHE,
    ),
    Release(
        name="isnet-anime",
        file="isnet-anime.onnx",
        bytes=176_069_933,
        sha256="f15622d853e8260172812b657053460e20806f04b9e05147d49af7bed31a6e99",
        licence=_APACHE,
    ),
    Release(
        name="u2net_human_seg",
        file="u2net_human_seg.onnx",
        bytes=175_997_641,
        sha256="01eb6a29a5c4d8edb30b56adad9bb3a2a0535338e480724a213e0acfd2d1c73c",
        licence=_APACHE,
    ),
    Release(
        name="birefnet-general",
        file="BiRefNet-general-epoch_244.onnx",
        bytes=_BIREFNET,
        sha256="58f621f00f5d756097615970a88a791584600dcf7c45b18a0a6267535a1ebd3c",
        licence=_MIT,
    ),
    Release(
        name="birefnet-general-lite",
        file="BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx",
        bytes=224_005_088,
        sha256="5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333",
        licence=_MIT,
    ),
    Release(
        name="birefnet-portrait",
        file="BiRefNet-portrait-epoch_150.onnx",
        bytes=_BIREFNET,
        sha256="1ba1c8ff5a7bbfadc8d8d13fb11d7be793f91f23d9d466549e37a854f6668f99",
        licence=_MIT,
    ),
    Release(
        name="birefnet-dis",
        file="BiRefNet-DIS-epoch_590.onnx",
        bytes=_BIREFNET,
        sha256="6470117bac6f8d82a3f62921056f52d0f5c4d36d1d832096331d5ea38a03acb5",
        licence=_MIT,
    ),
    Release(
        name="birefnet-hrsod",
        file="BiRefNet-HRSOD_DHU-epoch_115.onnx",
        bytes=_BIREFNET,
        sha256="4f5837663194fb88f603b76782eae05a3c29f5749872ca1bfb636bd26e7f6bfc",
        licence=_MIT,
    ),
    Release(
        name="birefnet-cod",
        file="BiRefNet-COD-epoch_125.onnx",
        bytes=_BIREFNET,
        sha256="91ec48f566db475cf6e4caa7e9cd997f352edfcc372372f437e2fbefc1557b13",
        licence=_MIT,
    ),
    Release(
        name="birefnet-massive",
        file="BiRefNet-massive-TR_DIS5K_TR_TEs-epoch_420.onnx",
        bytes=_BIREFNET,
        sha256="a94814cac438a31f95287811882628644a04b22d313ef3071d2ba904b5f627b8",
        licence=_MIT,
    ),
)
