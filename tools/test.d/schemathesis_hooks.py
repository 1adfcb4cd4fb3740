"""Who asks, and with which ids, when schemathesis tries the API out (schemathesis.toml).

RECOUNT_TRIAL holds what the test has made for it, a JSON object of two: `trial`, with `key`, an API key, `token`, an access token,
and by the names of path parameters the ids that belong together, such as `project_id`; and `victim`, with the same once more,
for calls that end what they are sent to.
"""

import datetime
import json
import os
import zlib

import schemathesis

TRIAL = json.loads(os.environ["RECOUNT_TRIAL"])
ENDING = ("/archive", "/rotate", "/log-out", "/log-out-everywhere")


def mostly(case, what):
    """Mostly as the route asks for, so that it gets far; now and then not. By the case alone, so that each run is the same."""
    drawn = (case.operation.label, case.path_parameters, case.query, case.body, what)
    return zlib.crc32(repr(drawn).encode("utf-8", "replace")) % 10 > 0


def trial(case):
    """What to use: something that may end, where it may."""
    ends = case.method == "DELETE" or case.operation.path.endswith(ENDING)
    return TRIAL["victim" if ends else "trial"]


def schemes(operation):
    """The names of what the operation takes for a credential."""
    raw = operation.definition.raw
    security = raw["security"] if "security" in raw else operation.schema.raw_schema.get("security", [])
    return sorted({name for alternative in security for name in alternative})


@schemathesis.auth(refresh_interval=None)
class Credentials:
    """By what the operation's `security` names; now and then none, or one of the wrong kind."""

    def get(self, case, context):
        names = schemes(context.operation)
        if not names or not mostly(case, "any credential"):
            return None
        takes_key = "key" in names and (len(names) == 1 or mostly(case, "key") and len(repr(case.query)) % 2 == 0)
        if not mostly(case, "right credential"):
            takes_key = not takes_key
        return trial(case)["key" if takes_key else "token"]

    def set(self, case, data, context):
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """What is drawn at random would mostly be refused before anything of interest is looked at: ids by 404, cursors by 400."""
    ids = trial(case)
    if case.path_parameters and mostly(case, "ids"):
        case.path_parameters.update({name: ids[name] for name in case.path_parameters if name in ids})
    if case.query and "cursor" in case.query and mostly(case, "cursor"):
        del case.query["cursor"]
    if case.query and "account_id" in case.query and mostly(case, "account"):
        case.query["account_id"] = ids["account_id"]
    if case.operation.path == "/api/v1/track" and isinstance(case.body, dict) and mostly(case, "time"):
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
