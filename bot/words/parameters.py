from bot.words.speech import Speech


def say_names(_: Speech) -> dict[str, str]:
    return {
        "ratio": _("ratio"),
        "size": _("size"),
        "count": _("count"),
        "seed": _("seed"),
        "steps": _("steps"),
        "quality": _("quality"),
        "negative": _("negative"),
    }
