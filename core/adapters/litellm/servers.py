"""Who speaks OpenAI's images API, and how each spells what an order says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.adapters.cards import load_cards, load_retired
from core.ids import ModelId, ProviderId
from core.models.card import Card, FreeSize, Retired, Span
from core.models.order import Order
from core.models.provider import Provider
from core.models.request import Size

Spelled = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`open`: any name may be asked, as the server alone knows its models."""

    provider: Provider
    spell: Callable[[Order], Spelled]
    cards: tuple[Card, ...] = ()
    retired: tuple[Retired, ...] = ()
    open: bool = False


def _known(name: str, base_url: str, spell: Callable[[Order], Spelled]) -> Server:
    provider = Provider(id=ProviderId(name), takes_base_url=True, base_url=base_url)
    return Server(
        provider=provider, spell=spell, cards=load_cards(name), retired=load_retired(name)
    )


def custom_server() -> Server:
    """Any OpenAI-compatible server that a person names with the key."""
    provider = Provider(id=ProviderId("custom"), takes_base_url=True, base_url=None)
    return Server(provider=provider, spell=_compatible, open=True)


def named_server(
    name: ProviderId, base_url: str, models: Sequence[str], *, needs_key: bool
) -> Server:
    """A server that the operator's settings name."""
    provider = Provider(id=name, needs_key=needs_key, base_url=base_url)
    cards = tuple(plain_card(ModelId(f"{name}/{model}"), needs_key=needs_key) for model in models)
    return Server(provider=provider, spell=_compatible, cards=cards, open=True)


def plain_card(model: ModelId, *, needs_key: bool) -> Card:
    """What every server of the kind can be asked; the operator's settings may know more."""
    side = Span(least=64, most=4096)
    natural = Size(width=1024, height=1024)
    return Card(model=model, free_size=FreeSize(side=side, natural=natural), needs_key=needs_key)


def servers() -> tuple[Server, ...]:
    return (
        _known("openai", "https://api.openai.com/v1", _openai),
        _known("xai", "https://api.x.ai/v1", _xai),
        _known("together_ai", "https://api.together.ai/v1", _together),
        _known("deepinfra", "https://api.deepinfra.com/v1/openai", _compatible),
        _known("recraft", "https://external.api.recraft.ai/v1", _compatible),
        _known("volcengine", "https://ark.cn-beijing.volces.com/api/v3", _volcengine),
        _known("zai", "https://api.z.ai/api/paas/v4", _compatible),
        custom_server(),
    )


def _openai(order: Order) -> Spelled:
    return _given(size=order.size and str(order.size), quality=order.quality)


def _compatible(order: Order) -> Spelled:
    extra = _given(seed=order.seed, steps=order.steps, negative_prompt=order.negative)
    return _given(
        size=order.size and str(order.size), quality=order.quality, extra_body=extra or None
    )


def _xai(order: Order) -> Spelled:
    """XAI refuses `size`."""
    extra = _given(aspect_ratio=order.ratio and str(order.ratio))
    return _given(quality=order.quality, extra_body=extra or None)


def _together(order: Order) -> Spelled:
    extra = _given(
        width=order.size and order.size.width,
        height=order.size and order.size.height,
        steps=order.steps,
        seed=order.seed,
        negative_prompt=order.negative,
    )
    return _given(extra_body=extra or None)


def _volcengine(order: Order) -> Spelled:
    return {"extra_body": {"watermark": False}} | _given(size=order.size and str(order.size))


def _given(**values: Any) -> Spelled:
    return {name: value for name, value in values.items() if value is not None}
