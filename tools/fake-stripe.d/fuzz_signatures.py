"""Headers `Stripe-Signature`, good and spoilt, each with what the package `stripe` says of it: to hold another verifier against it.

usage: fuzz_signatures.py [--cases N] [--seed TEXT]          (needs the package stripe 16.1)

The output is an array, in JSON, of bodies that were signed, each with some headers that it came with:

    body       the text
    secrets    those of ours; one that fits is enough
    now        seconds since 1970
    cases      of each header:
      header     what came, or null
      accepted   whether the package takes it for the body, with its 300 s of tolerance
      plain      whether the header is what Stripe writes: name=value pairs, one t of at most 12 digits without zeros before them. Who is stricter may refuse
                 another
      future     whether t is more than 300 s ahead of now: likewise
      spoilt     what was done to it, for who reads a failure

A verifier that is as strict as ours accepts exactly what is accepted, plain and not future.
"""

import argparse
import json
import random
import re
import sys
import types
from typing import Any, Callable, Iterator, Sequence, TypeVar

import signing

try:
    from stripe import SignatureVerificationError, WebhookSignature, _webhook
except ImportError:
    sys.exit("fuzz_signatures.py needs the package stripe: .build/venv/bin/python has it once tools/test has run")

TOLERANCE = 300
BASE = 1_790_000_000
# Headers of one body: reading and signing it costs as much as judging one.
OF_A_BODY = 10
PLAIN = re.compile(r"[a-z0-9]+=[^,=]*(?:,[a-z0-9]+=[^,=]*)*")
PIECES = ("{}", '{"id":"evt_1"}', "é", "\n", "\u2028", "😀", "t=1", ",", ".", "0", " ", '"')
AGES = (0, 1, 299, 300, 301, 302, 3_600, -1, -299, -300, -301, -302, -3_600)
Spoil = Callable[[random.Random, str], str]
Item = TypeVar("Item")

# The package asks this what time it is.
CLOCK = types.SimpleNamespace(now=BASE)
setattr(_webhook, "time", types.SimpleNamespace(time=lambda: CLOCK.now))


def one(rng: random.Random, items: Sequence[Item]) -> Item:
    """As random.choice, in a tenth of its time."""
    return items[int(rng.random() * len(items))]


def flip(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + one(rng, "0123456789abcdefghtv=,. ") + text[place + 1:]


def without(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + text[place + 1:]


def shuffled(rng: random.Random, text: str) -> str:
    parts = text.split(",")
    rng.shuffle(parts)
    return ",".join(parts)


def replaced(old: str, new: str) -> Spoil:
    return lambda rng, text: text.replace(old, new, 1)


def appended(*choices: str) -> Spoil:
    return lambda rng, text: text + one(rng, choices)


SPOILS: dict[str, Spoil] = {
    "nothing": lambda rng, text: text, "a character": flip, "a character less": without, "order": shuffled,
    "cut": lambda rng, text: text[:rng.randrange(len(text))], "v0": replaced("v1=", "v0="), "V1": replaced("v1=", "V1="),
    "capitals": lambda rng, text: text.upper().replace("T=", "t=").replace("V1=", "v1=").replace("V0=", "v0="),
    "a space": lambda rng, text: text.replace(",", ", ", 1), "no t": lambda rng, text: text.partition(",")[2],
    "a second t": appended(",t=1", f",t={BASE}"), "another v1": appended(",v1=00", ",v1=", ",v1=" + "0" * 64),
    "another scheme": appended(",v0=00", ",v2=abc", ",junk", ",", ",=", ",x=y=z"), "more after it": appended("=", "=00", " ", "\t"),
    "a number written otherwise": lambda rng, text: text.replace("t=", one(rng, ("t=+", "t= ", "t=0", "t=-", "t=1_")), 1),
    "a fraction": lambda rng, text: text.replace(",", ".0,", 1), "quotes": lambda rng, text: f'"{text}"',
    "empty": lambda rng, text: "",
}


NAMES = tuple(SPOILS)


def bodies(rng: random.Random, cases: int) -> Iterator[dict[str, Any]]:
    for first in range(0, cases, OF_A_BODY):
        now = CLOCK.now = BASE + rng.randrange(10**6)
        body = "".join(one(rng, PIECES) for _ in range(rng.randrange(6)))
        ours = [f"whsec_{rng.getrandbits(64):x}" for _ in range(one(rng, (1, 1, 2, 3)))]
        yield {
            "body": body, "secrets": ours, "now": now,
            "cases": [case(rng, body, ours, now) for _ in range(min(OF_A_BODY, cases - first))]}


def case(rng: random.Random, body: str, ours: list[str], now: int) -> dict[str, Any]:
    signers = rng.sample(ours, rng.randrange(1, len(ours) + 1)) if rng.random() < 0.85 else ["whsec_other"]
    if rng.random() < 0.1:
        signers.insert(rng.randrange(len(signers) + 1), "whsec_old")
    scheme = one(rng, ("v1", "v1", "v1", "v1", "both", "v0", "none"))
    spoilt = "nothing" if rng.random() < 0.4 else one(rng, NAMES)
    signed = body if rng.random() < 0.9 else body + one(rng, PIECES)
    age = 0 if rng.random() < 0.4 else one(rng, AGES)
    header: str | None = SPOILS[spoilt](rng, signing.header(signers, now - age, signed, scheme))
    if rng.random() < 0.01:
        header = None
    return {
        "header": header, "accepted": any(accepts(header, body, secret) for secret in ours), "plain": is_plain(header),
        "future": age < -TOLERANCE, "spoilt": spoilt}


def accepts(header: str | None, body: str, secret: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(body, header, secret, TOLERANCE))
    except SignatureVerificationError:
        return False


def is_plain(header: str | None) -> bool:
    if not header or not PLAIN.fullmatch(header):
        return False
    times = [part[2:] for part in header.split(",") if part.startswith("t=")]
    return len(times) == 1 and re.fullmatch("[1-9][0-9]{0,11}", times[0]) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description="Headers of signatures with the verdict of the package stripe.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    print("[")
    for number, body in enumerate(bodies(random.Random(options.seed), options.cases)):
        print("," * (number > 0), json.dumps(body))
    print("]")


if __name__ == "__main__":
    main()
