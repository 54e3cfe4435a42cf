"""Parameter values as people write them. Every reader raises ValueError for what is none."""

from core.models.request import SEED_LIMIT, Quality

MOST_STEPS = 500


def read_quality(text: str) -> Quality:
    """low, medium, high; also Midjourney's numbers: below 1, 1, above 1."""
    try:
        number = float(text)
    except ValueError:
        return Quality(text.lower())
    if not 0 < number <= 4:  # noqa: PLR2004 - Midjourney's own largest
        raise ValueError(text)
    if number == 1:
        return Quality.MEDIUM
    return Quality.LOW if number < 1 else Quality.HIGH


def read_seed(text: str) -> int:
    return _within(text, range(SEED_LIMIT + 1))


def read_steps(text: str) -> int:
    return _within(text, range(1, MOST_STEPS + 1))


def read_count(text: str) -> int:
    return _within(text, range(1, 1000))


def _within(text: str, span: range) -> int:
    number = int(text)
    if number not in span:
        raise ValueError(text)
    return number
