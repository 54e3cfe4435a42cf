from collections.abc import Callable
from typing import Any

from bot.words.speech import Speech
from bot.words.tools import say_tool_failure
from core import errors
from core.models.tool import ToolFailure, ToolFailureKind

_MASTER_KEY = "OMNIIMAGE_MASTER_KEY"


def say_error(_: Speech, error: errors.OmniImageError) -> str:
    """What was refused, and what to do about it: one sentence or two."""
    return _SENTENCES[type(error)](_, error)


def _long_prompt(_: Speech, error: errors.LongPrompt) -> str:
    return _(
        "The prompt has {length} characters; at most {limit} are possible. Shorten it.",
        length=f"{error.length:,}",
        limit=f"{error.limit:,}",
    )


def _unknown_model(_: Speech, error: errors.UnknownModel) -> str:
    if error.nearest:
        return _(
            'There is no model "{model}". Did you mean {nearest}?',
            model=error.model,
            nearest=error.nearest,
        )
    return _('There is no model "{model}".', model=error.model)


def _too_many(_: Speech, error: errors.TooMany) -> str:
    fields = {"asked": error.asked, "limit": error.limit}
    match error.what:
        case "models":
            return _("{asked} models are too many at once; ask for at most {limit}.", **fields)
        case "count":
            return _(
                "{asked} pictures of one model are too many; ask for at most {limit}.", **fields
            )
        case "attempts":
            return _("That makes {asked} pictures; at most {limit} fit one comparison.", **fields)
        case "sources":
            return _("{asked} pictures are too many at once; give at most {limit}.", **fields)
        case "tiles":
            return _(
                "{asked} pictures are too many for one sheet; name at most {limit}.", **fields
            )
        case "jobs" | "day" | "sets":
            return _used_up(_, error)


def _used_up(_: Speech, error: errors.TooMany) -> str:
    """What a person has had as much of as there is."""
    if error.what == "jobs":
        return _.n(
            "{count} of your requests is still running. Wait until it is done.",
            "{count} of your requests are still running. Wait until one of them is done.",
            error.limit,
        )
    if error.what == "day":
        return _.n(
            "The operator allows {count} comparison within 24 hours. Ask again later.",
            "The operator allows {count} comparisons within 24 hours. Ask again later.",
            error.limit,
        )
    return _(
        "You have {limit} sets of models already; more are not possible. Forget one first.",
        limit=error.limit,
    )


def _unknown_set(_: Speech, error: errors.UnknownSet) -> str:
    if error.known:
        return _(
            'You have no set of models "{name}". Yours are: {known}.',
            name=error.name,
            known=_.list(error.known),
        )
    return _('You have no set of models "{name}", and no other one yet.', name=error.name)


def _not_here(_: Speech, error: errors.NotHere) -> str:
    match error.what:
        case "server":
            return _("The operator does not offer OmniImage here. Ask in one of their servers.")
        case "channel":
            return _("The operator does not offer OmniImage in this channel. Ask in another one.")
        case "role":
            return _(
                "You need a role for this that you do not have here. Ask the operator for it."
            )
        case "user":
            return _("The operator has not let you in yet. Ask them for it.")


def _bad_setting(_: Speech, error: errors.BadSetting) -> str:
    match error.problem:
        case "unknown":
            return _(
                "There is no setting {path}. config.example.toml lists them all.", path=error.path
            )
        case "invalid":
            return _(
                "The setting {path} is not valid. config.example.toml shows how it is written.",
                path=error.path,
            )
        case "missing_file":
            return _("There is no configuration file {path}. Check the name.", path=error.path)
        case "unreadable":
            return _(
                "The configuration file {path} cannot be read. Check its permissions.",
                path=error.path,
            )
        case "syntax":
            return _(
                "The configuration file {path} is not valid TOML at line {line}. Mend it there.",
                path=error.path,
                line=error.line,
            )


def _bad_base_url(_: Speech, error: errors.BadBaseUrl) -> str:
    match error.problem:
        case "missing":
            return _(
                "{provider} needs the address of its server. Give it with --base-url.",
                provider=error.provider,
            )
        case "not_taken":
            return _(
                "{provider} takes no other server. Leave the address out.", provider=error.provider
            )
        case "invalid":
            return _("This is not an address of a server. Write it like https://example.com/v1.")
        case "not_https":
            return _(
                "The address must begin with https, unless the operator allows that server "
                "in network.allow."
            )


def _bad_image(_: Speech, error: errors.BadImage) -> str:
    return say_tool_failure(_, ToolFailure(kind=ToolFailureKind(error.kind)))


def _no_weights(_: Speech, error: errors.NoWeights) -> str:
    kind, detail = ToolFailureKind.NO_WEIGHTS, (error.file, error.checksum, str(error.folder))
    if error.found:
        kind = ToolFailureKind.WRONG_WEIGHTS
        detail = (str(error.folder / error.file), error.checksum, error.found)
    return say_tool_failure(_, ToolFailure(kind=kind, detail=detail))


def _master_key_wrong(_: Speech, error: errors.MasterKeyWrong) -> str:
    return _(
        "The master key {path} is not the one that the stored keys were encrypted with. "
        "Put the right one back.",
        path=error.path or _MASTER_KEY,
    )


def _master_key_unreadable(_: Speech, error: errors.MasterKeyUnreadable) -> str:
    return _(
        "The master key {path} cannot be read, or is none. It begins with k1_.",
        path=error.path or _MASTER_KEY,
    )


_SENTENCES: dict[type[errors.OmniImageError], Callable[[Speech, Any], str]] = {
    errors.EmptyPrompt: lambda _, __: _("The prompt is empty. Say what should be painted."),
    errors.LongPrompt: _long_prompt,
    errors.UnknownModel: _unknown_model,
    errors.UnknownProvider: lambda _, e: _(
        'There is no provider "{provider}". Known ones: {known}.',
        provider=e.provider,
        known=_.list(e.known),
    ),
    errors.TooMany: _too_many,
    errors.BadSetting: _bad_setting,
    errors.UnknownSet: _unknown_set,
    errors.BadSetName: lambda _, __: _(
        "The name of a set has 1 to 32 letters, digits, hyphens or underscores. "
        "Choose another one."
    ),
    errors.UnknownLanguage: lambda _, e: _(
        '"{language}" is not the code of a language, such as en, zh or pt-BR.', language=e.language
    ),
    errors.NoTextKey: lambda _, e: _(
        "There is a text model for no key of yours. {command} adds a key; each of these will "
        "do: {providers}. Or name a model yourself.",
        command=_.add_key.format(provider="PROVIDER"),
        providers=_.list(e.providers),
    ),
    errors.NotAllowed: lambda _, __: _("Only the person who asked may do that."),
    errors.NotHere: _not_here,
    errors.ModelNotAllowed: lambda _, e: _(
        "{model} may not be asked here. The operator allows: {allowed}.",
        model=e.model,
        allowed=_.list(e.allowed),
    ),
    errors.BlockedWord: lambda _, e: _(
        'The operator does not allow "{word}" in a prompt. Leave it out.', word=e.word
    ),
    errors.NotPrivate: lambda _, __: _(
        "Results that you alone see are switched off here. Ask for one that everybody here sees."
    ),
    errors.AlreadyRunning: lambda _, e: _(
        "OmniImage is already running on {path}. Stop it first, or choose another data folder.",
        path=e.path,
    ),
    errors.UnknownId: lambda _, e: _('Nothing with the id "{id}" is known here.', id=e.id),
    errors.StillRunning: lambda _, __: _(
        "This comparison is still running. Wait until it ends, or cancel it."
    ),
    errors.NothingToRetry: lambda _, __: _("Nothing to retry: every picture is there."),
    errors.RetiredModel: lambda _, e: _(
        "{model} was shut down by its provider. Ask {successor} instead.",
        model=e.model,
        successor=e.successor,
    ),
    errors.KeyNotNeeded: lambda _, e: _(
        "{provider} needs no key; its models can be asked right away.", provider=e.provider
    ),
    errors.EmptyKey: lambda _, e: _(
        "No key for {provider} was given. A key is one word without spaces.", provider=e.provider
    ),
    errors.BadBaseUrl: _bad_base_url,
    errors.MasterKeyMissing: lambda _, e: _(
        "The master key {path} is missing, and without it no stored key can be opened. "
        "Put it back, or give the keys up: omniimage keys forget --all.",
        path=e.path,
    ),
    errors.MasterKeyWrong: _master_key_wrong,
    errors.MasterKeyUnreadable: _master_key_unreadable,
    errors.MasterKeysDiffer: lambda _, e: _(
        "OMNIIMAGE_MASTER_KEY and {path} hold different master keys. Give only one of them.",
        path=e.path,
    ),
    errors.MasterKeyFixed: lambda _, __: _(
        "The master key comes from OMNIIMAGE_MASTER_KEY and cannot be changed here. "
        "Keep it in a file named by OMNIIMAGE_MASTER_KEY_FILE to rotate it."
    ),
    errors.SealBroken: lambda _, __: _(
        "A stored key was altered or moved and does not open. Set it anew."
    ),
    errors.UnreadableText: lambda _, __: _("What was given is not UTF-8 text. Save it as UTF-8."),
    errors.BadImage: _bad_image,
    errors.UnknownWeights: lambda _, e: _(
        'There is no model "{name}" for the cut-out. There are: {known}.',
        name=e.name,
        known=_.list(e.known),
    ),
    errors.NoWeights: _no_weights,
    errors.WrongWeights: lambda _, e: _(
        "{path} is no release of any model: its checksum is {checksum}. If you know where it "
        "comes from, --trust takes it.",
        path=e.path,
        checksum=e.checksum,
    ),
    errors.StoreLocked: lambda _, __: _(
        "The database is locked by another program. Close that program, then try again."
    ),
    errors.StoreFull: lambda _, __: _(
        "The disk is full, or nearly. Free some space, then try again."
    ),
    errors.StoreUnwritable: lambda _, e: _(
        "{path} cannot be written. Check its permissions, or choose another folder.", path=e.path
    ),
    errors.StoreDamaged: lambda _, e: _(
        "{path} is missing or damaged. Restore it from a backup.", path=e.path
    ),
    errors.NewerSchema: lambda _, __: _(
        "The database was written by a newer OmniImage. Update OmniImage, then try again."
    ),
    errors.LostJob: lambda _, e: _(
        "Another process runs this now. omniimage show {id} tells how it goes.", id=e.id
    ),
}
