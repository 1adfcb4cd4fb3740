"""Ids as Stripe's look, in a sequence that a seed repeats."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SHORT = {"cus_", "prod_", "si_", "req_", "bcc_", "il_"}


class Ids:
    def __init__(self, seed: str | None = None, drawn: int = 0) -> None:
        self.seed = seed if seed is not None else secrets.token_hex(16)
        self.drawn = drawn

    def next(self, prefix: str) -> str:
        return prefix + (self.letters(14) if prefix in SHORT else "1" + self.letters(23))

    def letters(self, length: int) -> str:
        self.drawn += 1
        number = int.from_bytes(hashlib.sha512(f"{self.seed} {self.drawn}".encode()).digest())
        found = ""
        for _ in range(length):
            number, digit = divmod(number, len(ALPHABET))
            found += ALPHABET[digit]
        return found
