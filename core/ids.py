"""The names of things. An id is an opaque text, safe in a URL, a file name and a button."""

import base64
from typing import NewType

AttemptId = NewType("AttemptId", str)
DeliveryId = NewType("DeliveryId", str)
ImageId = NewType("ImageId", str)
ItemId = NewType("ItemId", str)
JobId = NewType("JobId", str)
ModelId = NewType("ModelId", str)  # provider/name, as LiteLLM writes it
OwnerId = NewType("OwnerId", str)  # discord:user:1, telegram:user:2, local
PanelId = NewType("PanelId", str)
PlaceId = NewType("PlaceId", str)  # discord:channel:5, telegram:chat:-7, local
ProviderId = NewType("ProviderId", str)
RunnerId = NewType("RunnerId", str)
StepId = NewType("StepId", str)

LOCAL = OwnerId("local")  # the operator at the terminal


def new_id() -> str:
    """Draw 96 random bits as 20 characters of a-z and 2-7: no shell takes one for an option."""
    import secrets  # brings OpenSSL along, for which the cut-out's child has no use

    return base64.b32encode(secrets.token_bytes(12)).decode().rstrip("=").lower()


def provider_of(model: ModelId) -> ProviderId:
    return ProviderId(model.partition("/")[0])
