"""LiteLLM, the road for every server that speaks OpenAI's images or chat API; imported late."""

from core.adapters.litellm.images import LiteLLMImages
from core.adapters.litellm.servers import Server, named_server, servers
from core.adapters.litellm.texts import LiteLLMTexts, text_servers

__all__ = ["LiteLLMImages", "LiteLLMTexts", "Server", "named_server", "servers", "text_servers"]
