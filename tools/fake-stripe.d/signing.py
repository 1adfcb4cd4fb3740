"""The header Stripe-Signature: t=…,v1=…, an HMAC-SHA256 of `t.body` in hex."""

import hashlib
import hmac
from typing import Iterable

SCHEMES = {"v1": ("v1",), "v0": ("v0",), "both": ("v1", "v0"), "none": ()}


def digest(secret: str, instant: int, body: str) -> str:
    return hmac.new(secret.encode(), f"{instant}.{body}".encode(), hashlib.sha256).hexdigest()


def header(secrets: Iterable[str], instant: int, body: str, scheme: str = "v1") -> str:
    """One signature of each scheme for each secret, as while a secret is rolled. Under v0 it is
    as good as under v1: who takes it for one is found out."""
    parts = [f"t={instant}"]
    for secret in secrets:
        signature = digest(secret, instant, body)
        parts += [f"{name}={signature}" for name in SCHEMES[scheme]]
    return ",".join(parts)
