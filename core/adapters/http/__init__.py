"""The one guarded HTTP factory: everything that we send or fetch starts here."""

from core.adapters.http.addresses import Addresses
from core.adapters.http.calls import OneCall
from core.adapters.http.clients import Clients
from core.adapters.http.failures import of_error, of_reply

__all__ = ["Addresses", "Clients", "OneCall", "of_error", "of_reply"]
