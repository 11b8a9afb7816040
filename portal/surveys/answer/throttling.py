"""How many wrong slips a place may try: many, since a whole school has one address, and few beside all there could be.

With 600 slips in use, 200 tries find one of them once in 390 times; then a class has one answer that is a stranger's.
Who has begun with a slip carries its mark, which nobody can make who guesses: what others try holds them up no more.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from portal.accounts.sign_in.throttling import count_failure, count_failures

MOST_WRONG = 200
WITHIN = timedelta(minutes=10)
#: Somebody with IPv6 has as many addresses as they like below one of this length.
PREFIX = 64


def mark_of(code: str, secret_key: str) -> str:
    """What the pages of a slip carry that was found to hold."""
    return hmac.digest(secret_key.encode(), f"slip {code}".encode(), "sha256").hex()


def has_begun(code: str, mark: str, secret_key: str) -> bool:
    """Whether the mark is the slip's."""
    return hmac.compare_digest(mark.encode(), mark_of(code, secret_key).encode())


def is_shut_out(address: str, *, now: datetime) -> bool:
    """Whether so many wrong slips came from a place that it has to wait."""
    return count_failures(_place(address), now=now, within=WITHIN) >= MOST_WRONG


def count_wrong(address: str, *, now: datetime) -> None:
    """Count a slip that holds no more, or never did."""
    count_failure(_place(address), now=now, within=WITHIN)


def _place(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return f"slips:{address}"
    if isinstance(read, IPv6Address):
        return f"slips:{int(read) >> (read.max_prefixlen - PREFIX):x}"
    return f"slips:{read}"
