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


# What pip and uv need to reach the package index that they are set to.
_INDEX = re.compile(
    r"PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT"
    r"|LANG|LC_ALL|LC_CTYPE|XDG_CONFIG_(HOME|DIRS)|NETRC|PIP_.+"
    r"|UV|UV_(.*INDEX.*|FIND_LINKS|CONFIG_FILE|NO_CONFIG|KEYRING_PROVIDER|CREDENTIALS_DIR)"
    r"|UV_(NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|OFFLINE|HTTP_.+)"
    r"|(HTTP|HTTPS|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE",
    re.IGNORECASE,
)


def index_environment(proxy: str | None = None) -> Mapping[str, str]:
    """All that a child may see which asks the package index; to be taken before `quieten`.

    `proxy`: the operator's for everything, in place of those that are set.
    """
    found = {name: value for name, value in os.environ.items() if _INDEX.fullmatch(name)}
    if proxy is None:
        return found
    kept = {name: value for name, value in found.items() if not name.upper().endswith("_PROXY")}
    return kept | dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), proxy)


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
