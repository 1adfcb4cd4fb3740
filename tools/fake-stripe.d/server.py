"""HTTP: the API under /v1, a test's controls under /_test, and pages for people."""

import base64
import binascii
import http.server
import json
import socket
import threading
import time
import traceback
import urllib.parse
from pathlib import Path
from typing import Any, Callable

import control
import delivery
import due
import faults
import forms
import idempotency
import pages
import render
import routes
from errors import ControlError, StripeError
from faults import NoAnswer
from forms import Parameters
from world import API_VERSION, Json, Request, World


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, port: int, world: World, state: Path | None, begin: Callable[[World], None]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.world, self.state, self.begin = world, state, begin

    def save(self) -> None:
        if self.state:
            self.world.save(self.state)

    def keep_time(self) -> None:
        """Where the clock runs, things fall due without anybody asking."""
        while True:
            time.sleep(1)
            with self.world.lock:
                before = len(self.world.outbox)
                due.run(self.world, self.world.now())
                if len(self.world.outbox) > before:
                    self.save()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fake-stripe"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: /_test/calls tells who called what."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The header Date tells the clock that events have, as Stripe's does."""
        return super().date_time_string(self.server.world.now() if timestamp is None else timestamp)

    def do_GET(self) -> None:
        self.dispatch("GET")

    def do_POST(self) -> None:
        self.dispatch("POST")

    def do_DELETE(self) -> None:
        self.dispatch("DELETE")

    def dispatch(self, method: str) -> None:
        parts = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        try:
            if parts.path.startswith("/v1/"):
                self.api(method, parts.path, parts.query if method == "GET" else body or parts.query)
            elif parts.path.startswith("/_test/"):
                self.control(method, parts.path, parts.query, body)
            else:
                self.page(method, parts.path, parts.query if method == "GET" else body)
        except NoAnswer as none:
            time.sleep(none.seconds)
            self.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # --- the API

    def api(self, method: str, path: str, text: str) -> None:
        world = self.server.world
        with world.lock:
            due.run(world, world.now())
            # What falls due leaves no request of ours with its events.
            request_id = world.ids.next("req_")
            call: Json = {
                "method": method, "path": path, "parameters": {}, "idempotency_key": self.headers.get("Idempotency-Key"), "status": None,
                "request_id": request_id, "replayed": False, "version": self.headers.get("Stripe-Version")}
            world.calls.append(call)
            try:
                status, body, headers = self.answer_call(method, path, text, call)
            finally:
                world.request = Request()
                self.server.save()
        self.send(status, json.dumps(body, indent=2).encode(), "application/json", headers | {
            "Request-Id": request_id, "Stripe-Version": call["version"] or API_VERSION} | (
                {"Idempotency-Key": call["idempotency_key"]} if call["idempotency_key"] else {}))

    def answer_call(self, method: str, path: str, text: str, call: Json) -> tuple[int, Json, dict[str, str]]:
        world = self.server.world
        key = call["idempotency_key"] if method == "POST" else None
        values: dict[str, Any] = {}
        fault = None
        try:
            self.authorise()
            values = call["parameters"] = forms.decode(text)
            if key and (stored := idempotency.stored(world, key, method, path, values)):
                call.update(status=stored["status"], replayed=True)
                return stored["status"], stored["body"], {"Idempotent-Replayed": "true", "Original-Request": stored["request_id"]}
            world.request = Request(call["request_id"], key)
            fault = faults.take(world, method, path)
            if fault and not fault["after"]:
                faults.strike(fault)
            status, body, headers = 200, self.done(method, path, Parameters(values)), {}
            if fault and fault["kind"] == "status":
                faults.strike(fault)
        except StripeError as error:
            status, body, headers = error.status, error.body(call["request_id"], world.account), error.headers
        except ControlError as error:
            status, body, headers = 400, {"error": {"type": "invalid_request_error", "message": str(error)}}, {}
        except NoAnswer:
            raise
        except Exception:
            traceback.print_exc()
            status, body, headers = 500, {"error": {"type": "api_error", "message": "fake-stripe is broken: its stderr tells how"}}, {}
        call["status"] = status
        if key:
            idempotency.store(world, key, method, path, values, status, body, call["request_id"])
        if fault and fault["after"] and fault["kind"] != "status":
            faults.strike(fault)
        return status, body, headers

    def done(self, method: str, path: str, parameters: Parameters) -> Json:
        handler, identifier = routes.find(method, path)
        world = self.server.world
        return render.expanded(world, handler(world, parameters, identifier), parameters.texts("expand"))

    def authorise(self) -> None:
        given = self.headers.get("Authorization") or ""
        kind, _, value = given.partition(" ")
        if kind == "Basic":
            try:
                value = base64.b64decode(value).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                value = ""
        if not value:
            raise StripeError(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.",
                status=401)
        if value != self.server.world.api_key:
            raise StripeError(f"Invalid API Key provided: {value[:8]}…{value[-4:]}", status=401)

    # --- controls

    def control(self, method: str, path: str, query: str, body: str) -> None:
        try:
            wish = json.loads(body) if body else dict(urllib.parse.parse_qsl(query))
            if not isinstance(wish, dict):
                raise ControlError("the body has to be a JSON object")
            status, answer = 200, self.controlled(method, path, wish)
        except (ControlError, StripeError, ValueError, KeyError, TypeError) as error:
            status, answer = 400, {"error": f"{error}" if isinstance(error, (ControlError, StripeError)) else repr(error)}
        self.send(status, json.dumps(answer).encode(), "application/json", {})

    def controlled(self, method: str, path: str, wish: Json) -> Json:
        world = self.server.world
        if (method, path) == ("POST", "/_test/deliver"):
            with world.lock:
                letters = delivery.letters(world, wish)
            return {"deliveries": delivery.send_all(world, letters, int(wish.get("concurrent", 1)))}
        if (method, path) == ("POST", "/_test/settle"):
            return {"pending": delivery.settle(world, float(wish.get("seconds", 60)))}
        with world.lock:
            if (method, path) == ("POST", "/_test/reset"):
                world.clear()
                self.server.begin(world)
                return {}
            act = control.CONTROLS.get((method, path))
            if act is None:
                raise ControlError(f"there is no {method} {path}: {', '.join(f'{m} {p}' for m, p in control.CONTROLS)}")
            due.run(world, world.now())
            # The answer as it is now: what it shows may change once the lock is given back.
            answer: Json = json.loads(json.dumps(act(world, wish)))
            self.server.save()
            return answer

    # --- pages

    def page(self, method: str, path: str, text: str) -> None:
        world = self.server.world
        with world.lock:
            due.run(world, world.now())
            page = pages.answer(world, method, path, dict(urllib.parse.parse_qsl(text)))
            self.server.save()
        self.send(page.status, page.body, page.kind, {"Location": page.location} if page.location else {})

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def keep_time(server: Server) -> None:
    threading.Thread(target=server.keep_time, daemon=True).start()
