"""rembg's own answers, from a process of its own: it costs seconds to import, and much memory.

Run as `python rembg_masks.py WEIGHTS OUT PHOTO ...`: writes the mask of each photo into OUT, and
what each network is given of the first one.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image


class _Given(Exception):
    """Ends a prediction where the network would begin."""


class _Listener:
    """In place of a network, takes down what it is given."""

    name = "input"
    given: object = None

    def get_inputs(self) -> list["_Listener"]:
        return [self]

    def run(self, _: object, given: dict[str, object]) -> None:
        self.given = given[self.name]
        raise _Given


def main() -> None:
    from rembg.sessions import sessions  # type: ignore[import-untyped]

    weights, out, *photos = map(Path, sys.argv[1:])
    kind = sessions["u2netp"]
    kind.download_models = classmethod(lambda *_, **__: str(weights))
    session = kind("u2netp", None, providers=["CPUExecutionProvider"])
    for photo in photos:
        session.predict(Image.open(photo).convert("RGB"))[0].save(out / f"{photo.stem}.png")
    for name in ("u2netp", "u2net", "silueta", "isnet-general-use", "isnet-anime"):
        listening = sessions[name].__new__(sessions[name])
        listening.inner_session = _Listener()
        try:
            listening.predict(Image.open(photos[0]).convert("RGB"))
        except _Given:
            np.save(out / f"{name}.npy", listening.inner_session.given)


if __name__ == "__main__":
    main()
