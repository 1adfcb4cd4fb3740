"""Who asks, and with which ids, when schemathesis tries the API out (schemathesis.toml).

RECOUNT_TRIAL holds what the test has made for it, a JSON object: `key`, an API key, and by the names of path parameters the
ids that belong together, such as `project_id`.
"""

import datetime
import datetime
import json
import os
import random

import schemathesis

TRIAL = json.loads(os.environ["RECOUNT_TRIAL"])

RANDOM = random.Random(1)


def mostly():
    """Mostly as the route asks for, so that it gets far; now and then not."""
    return RANDOM.random() < 0.9


@schemathesis.auth(refresh_interval=None)
class Credentials:
    """By what the operation's `security` names."""

    def get(self, case, context):
        return TRIAL["key"] if mostly() else None

    def set(self, case, data, context):
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """What is drawn at random would mostly be refused before anything of interest is looked at: ids by 404, cursors by 400."""
    if case.path_parameters and mostly():
        case.path_parameters.update({name: TRIAL[name] for name in case.path_parameters if name in TRIAL})
    if case.query and "cursor" in case.query and mostly():
        del case.query["cursor"]
    if case.operation.path == "/api/v1/track" and isinstance(case.body, dict) and mostly():
        make_present(case.body)


def make_present(body):
    """Events of long ago are refused, and so is a key that nobody has."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    events = body.get("events")
    for event in events if isinstance(events, list) else [body]:
        if isinstance(event, dict) and "timestamp" in event:
            event["timestamp"] = now
    body.pop("api_key", None)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """An empty query parameter counts as not given, whatever its schema says of those that are."""
    is_empty = any(value == "" for value in (case.query or {}).values())
    return not (is_empty and type(failure).__name__ == "AcceptedNegativeData")
