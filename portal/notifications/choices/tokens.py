"""The link that ends mail with one press: it says whose mail and which, and opens nothing. No Flask, no database."""

from __future__ import annotations

from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

from portal.acts.topics import Topic


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="end-mail")


def address_mark(email: str) -> str:
    """What a link knows of the address it was mailed to: enough to tell that it is another one by now."""
    return sha256(email.strip().lower().encode()).hexdigest()[:16]


def topic_token(user_id: int, topic: Topic, email: str, secret_key: str) -> str:
    """What a mail to this address says in its List-Unsubscribe; it does not grow old, since mail does not either."""
    token: str | bytes = _serializer(secret_key).dumps([user_id, topic.value, address_mark(email)])
    return token if isinstance(token, str) else token.decode()


def read_token(token: str, secret_key: str) -> tuple[int, Topic, str] | None:
    """Whose mail it ends, about what, and the mark of the address it went to; None when it is not ours."""
    try:
        user_id, topic, mark = _serializer(secret_key).loads(token)
        return int(user_id), Topic(topic), str(mark)
    except (BadSignature, ValueError, TypeError):
        return None
