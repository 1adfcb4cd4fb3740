"""Holds objects against the annotated classes of the package `stripe`: what is required is there, nothing unknown is, types are right."""

import ast
import decimal
import functools
import importlib
import inspect
import sys
import types
import typing
from typing import Any

import stripe
from stripe._object_classes import OBJECT_CLASSES


def faults_of(item: dict[str, Any]) -> list[str]:
    """What is wrong with an object of Stripe's; nothing, one hopes."""
    return list(object_faults(item, class_of(item["object"]), item["object"]))


def faults_of_all(state: dict[str, dict[str, Any]], outbox: list[dict[str, Any]]) -> list[str]:
    """The same of all that there is, and of all that was said of it."""
    wrong = set()
    for items in state.values():
        for item in items.values():
            wrong.update(faults_of(item) if not item.get("deleted") else [])
    for one in outbox:
        wrong.update(faults_of(one["event"]))
        wrong.update(f"in {one['type']}: {fault}" for fault in faults_of(one["event"]["data"]["object"]))
    return sorted(wrong)


@functools.cache
def class_of(name: str) -> type:
    module, known = OBJECT_CLASSES[name]
    return typing.cast(type, getattr(importlib.import_module(module), known))


def object_faults(item: dict[str, Any], known: type, path: str) -> typing.Iterator[str]:
    wanted = annotations(known)
    for name in item:
        if name not in wanted:
            yield f"{path}.{name} is unknown to {known.__qualname__}"
    for name, annotation in wanted.items():
        if name in item:
            yield from value_faults(item[name], annotation, f"{path}.{name}", known)
        elif not optional(annotation):
            yield f"{path}.{name} is missing"


@functools.cache
def annotations(known: type) -> dict[str, Any]:
    """Of a class and those it comes from, names in strings looked up where it was written."""
    found: dict[str, Any] = {}
    for one in reversed(known.__mro__):
        if not one.__module__.startswith("stripe.") or one is stripe.StripeObject:
            continue
        for name, annotation in one.__dict__.get("__annotations__", {}).items():
            if not name.startswith("_") and typing.get_origin(annotation) is not typing.ClassVar:
                found[name.rstrip("_")] = annotation
    return found


def optional(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType) and type(None) in typing.get_args(annotation)


def value_faults(value: Any, annotation: Any, path: str, known: type) -> list[str]:
    if isinstance(annotation, (str, typing.ForwardRef)):
        annotation = named(annotation if isinstance(annotation, str) else annotation.__forward_arg__, known)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return []
    if origin in (typing.Union, types.UnionType):
        return best(value, arguments, path, known)
    if origin is typing.Literal or str(origin).endswith("Literal"):
        return [] if value in arguments else [f"{path} is {value!r}, not one of {arguments}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [one for place, item in enumerate(value) for one in value_faults(item, arguments[0], f"{path}.{place}", known)]
    if origin is stripe.ListObject:
        return list_faults(value, arguments[0], path, known)
    if origin is dict or inspect.isclass(origin):
        return [] if isinstance(value, dict) else [f"{path} is no object"]
    return plain_faults(value, annotation, path)


def plain_faults(value: Any, annotation: Any, path: str) -> list[str]:
    if annotation is type(None):
        return [] if value is None else [f"{path} is not null"]
    if inspect.isclass(annotation) and issubclass(annotation, stripe.StripeObject):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        return [] if annotation is stripe.StripeObject else list(object_faults(value, annotation, path))
    if annotation is int:
        return [] if isinstance(value, int) and not isinstance(value, bool) else [f"{path} is {value!r}, no integer"]
    if annotation is float:
        return [] if isinstance(value, (int, float)) and not isinstance(value, bool) else [f"{path} is {value!r}, no number"]
    if annotation is decimal.Decimal:
        return [] if isinstance(value, str) else [f"{path} is {value!r}, no decimal in a text"]
    if annotation in (str, bool):
        return [] if isinstance(value, annotation) else [f"{path} is {value!r}, no {annotation.__name__}"]
    return [] if annotation in (dict, list, object) else [f"{path}: nobody knows how to judge {annotation!r}"]


def best(value: Any, choices: tuple[Any, ...], path: str, known: type) -> list[str]:
    """Of several that it may be, the one that it is most like."""
    tried = [value_faults(value, choice, path, known) for choice in choices if choice is not type(None) or value is None]
    return min(tried, key=len)


def list_faults(value: Any, of: Any, path: str, known: type) -> list[str]:
    if not isinstance(value, dict) or value.get("object") != "list" or set(value) != {"object", "data", "has_more", "url"}:
        return [f"{path} is no list object"]
    return [one for place, item in enumerate(value["data"]) for one in value_faults(item, of, f"{path}.{place}", known)]


def named(name: str, known: type) -> Any:
    module = sys.modules[known.__module__]
    if name in later_imports(module.__name__):
        where, what = later_imports(module.__name__)[name]
        return getattr(importlib.import_module(where), what)
    return eval(name, vars(module) | vars(typing) | {known.__name__: known})  # noqa: S307: annotations of the package itself


@functools.cache
def later_imports(module: str) -> dict[str, tuple[str, str]]:
    """What a module imports for its annotations alone."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                found[one.asname or one.name] = (node.module, one.name)
    return found
