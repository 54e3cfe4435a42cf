from core.errors import (
    BadImage,
    OmniImageError,
    RetiredModel,
    StoreFull,
    StoreUnwritable,
    UnknownModel,
    VaultError,
)
from core.models.failure import CallFailed, Failure, FailureKind


def failure_of(error: CallFailed | OmniImageError) -> Failure | None:
    """What went wrong with one paid call alone; None for what ends the whole job."""
    match error:
        case CallFailed():
            return error.failure
        case BadImage():
            large = error.kind == "too_large"
            return Failure(kind=FailureKind.TOO_LARGE if large else FailureKind.GARBAGE)
        case StoreFull() | StoreUnwritable():
            return Failure(kind=FailureKind.NO_SPACE)
        case VaultError():  # of this key alone; a new one mends it
            return Failure(kind=FailureKind.BAD_KEY)
        case UnknownModel() | RetiredModel():
            return Failure(kind=FailureKind.NOT_FOUND)
        case _:
            return None
