"""LiteLLM, the road for every server that speaks OpenAI's images API. It is imported late."""

from core.adapters.litellm.images import LiteLLMImages
from core.adapters.litellm.servers import Server, named_server, servers

__all__ = ["LiteLLMImages", "Server", "named_server", "servers"]
