"""Errors in Stripe's shape."""

from typing import Any


class StripeError(Exception):
    """What the API answers instead of an object."""

    def __init__(
            self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str | None = None,
            param: str | None = None, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.error: dict[str, Any] = {"type": kind, "message": message} | more
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param

    def body(self, request_id: str, account: str) -> dict[str, Any]:
        log = f"https://dashboard.stripe.com/{account}/test/workbench/logs?object={request_id}"
        return {"error": self.error | {"request_log_url": log}}


def missing(kind: str, identifier: str, param: str = "id") -> StripeError:
    return StripeError(f"No such {kind}: '{identifier}'", status=404, code="resource_missing", param=param)


def required(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(param: str) -> StripeError:
    return StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def card_error(message: str, code: str, decline_code: str | None, **more: Any) -> StripeError:
    if decline_code:
        more["decline_code"] = decline_code
    return StripeError(message, status=402, kind="card_error", code=code, **more)


class ControlError(Exception):
    """A wrong call of the test's own controls."""
