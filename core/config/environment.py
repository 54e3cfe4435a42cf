import os
import re
from collections.abc import Mapping

PREFIX = "OMNIIMAGE_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


# What libraries would read behind our back: keys, servers, proxies of whoever started us.
_FOREIGN = re.compile(
    r"(OPENAI|AZURE|ANTHROPIC|LITELLM|AWS|GOOGLE|VERTEX)_.*|.*_API_(KEY|BASE)|.*_BASE_URL"
    r"|(HTTP|HTTPS|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|SSL_VERIFY|(REQUESTS|CURL)_CA_BUNDLE",
    re.IGNORECASE,
)


def quieten() -> None:
    """Take out of the environment what would steer LiteLLM; a key there must pay for nobody.

    LiteLLM must neither fetch its price list at import nor read a `.env` file it finds.
    """
    for name in [name for name in os.environ if _FOREIGN.fullmatch(name)]:
        if not name.upper().startswith(PREFIX):
            del os.environ[name]
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"


def own_variables() -> Mapping[str, str]:
    """The variables that are ours, whether they are known or not."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}


def terminal_languages() -> tuple[str, ...]:
    """The reader's languages, most wanted first, as gettext reads them: zh_CN, zh, en."""
    for name in (f"{PREFIX}LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return tuple(part.partition(".")[0] for part in value.split(":") if part)
    return ()
