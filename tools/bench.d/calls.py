"""Calls over connections that stay open: at a rate that is held, or as fast as they are answered.

Each of the two runs in a process of its own and reports to whoever started it (`started`). One thread over many sockets: threads would wait
for one another, and that would be measured.
"""

import collections
import hashlib
import heapq
import hmac
import itertools
import multiprocessing
import queue
import random
import re
import selectors
import socket
import sys
import time
import urllib.parse

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
# Seconds after which what is not answered yet is lost.
LONGEST = 900
# Seconds until what was not taken is sent again: Stripe waits longer, which would be measured as well.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)


class Wire:
    """A connection that stays open, with one call under way at most."""

    def __init__(self, url, path, fields):
        parts = urllib.parse.urlsplit(url)
        self.address, self.socket, self.answer, self.what = (parts.hostname, parts.port), None, b"", None
        self.head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n" + fields

    def fileno(self):
        return self.socket.fileno()

    def send(self, body, fields=""):
        """False where nobody takes it."""
        self.answer = b""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, timeout=60)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(f"{self.head}{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            return True
        except OSError:
            self.close()
            return False

    def receive(self):
        """The status once the answer is whole, None before; 0: the connection broke."""
        try:
            more = self.socket.recv(65_536)
        except OSError:
            more = b""
        self.answer += more
        head, end, body = self.answer.partition(b"\r\n\r\n")
        if end and len(body) >= int(LENGTH.search(head)[1]):
            return int(head[9:12])
        return None if more else 0

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


class Wires:
    """Those with nothing under way, in turn, and those that are waited for."""

    def __init__(self, urls, path, count, fields=""):
        self.idle = collections.deque(Wire(urls[number % len(urls)], path, fields) for number in range(count))
        # Others wake to whole milliseconds.
        self.selector = selectors.SelectSelector()
        self.busy = 0

    def send(self, what, body, fields=""):
        """Over one that is idle; whether somebody took it."""
        wire = self.idle.popleft()
        wire.what = what
        if not wire.send(body, fields):
            self.idle.append(wire)
            return False
        self.selector.register(wire, selectors.EVENT_READ)
        self.busy += 1
        return True

    def answers(self, patience):
        """What was answered by now, with its status; waits so long for the first of them."""
        for ready, _ in self.selector.select(max(0, patience)):
            wire = ready.fileobj
            status = wire.receive()
            if status is None:
                continue
            self.selector.unregister(wire)
            if status == 0 or b"\r\nconnection: close" in wire.answer.lower():
                wire.close()
            self.busy -= 1
            self.idle.append(wire)
            yield wire.what, status


def event_with_an_id():
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    start = (f'{{"endpoint":"/v2/17/servers/detail","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"{stamp}",'
             f'"event_id":"')

    def next_one():
        now, noise = int(time.time() * 1000), random.getrandbits(74)
        return f'{start}{now >> 16:08x}-{now & 0xffff:04x}-7{noise >> 62:03x}-8{noise & 0xfff:03x}-{noise >> 12 & 0xffffffffffff:012x}"}}'.encode()

    return next_one


def hold(urls, key, per_second, connections, stop, report):
    """Single events at a rate, over all servers, until told to stop: of each when it was due, how many seconds later it was answered, and its status.

    A call's time counts from when it was due, so that a server that stands still can't hide it.
    """
    wires = Wires(urls, "/api/v1/track", connections, f"Authorization: Bearer {key}\r\n")
    event, waiting, found = event_with_an_id(), collections.deque(), []
    begin, due_times = time.monotonic(), itertools.count()
    next_due = begin
    while not stop.is_set() or waiting or wires.busy:
        while not stop.is_set() and next_due <= time.monotonic():
            waiting.append(next_due)
            next_due = begin + (next(due_times) + 1) / per_second
        while waiting and wires.idle:
            due = waiting.popleft()
            if not wires.send(due, event()):
                found.append((due, time.monotonic() - due, 0))
        patience = next_due - time.monotonic() if wires.idle else 1
        found += [(due, time.monotonic() - due, status) for due, status in wires.answers(min(patience, 0.1))]
    report.put(found)


def deliver(urls, secret, bodies, connections, report):
    """Webhooks as Stripe brings them: signed when they are sent, over all servers, each again after a pause until it is answered 200. The seconds
    that each answer of 200 took, and how many others there were, by status."""
    wires = Wires(urls, "/webhooks/stripe", connections)
    waiting, later, seconds, others = collections.deque((body, 0) for body in bodies), [], [], collections.Counter()
    order = itertools.count()

    def again(body, tried, status):
        others[status] += 1
        heapq.heappush(later, (time.monotonic() + PAUSES[min(tried, len(PAUSES) - 1)], next(order), body, tried + 1))

    begin = time.monotonic()
    while waiting or later or wires.busy:
        if time.monotonic() - begin > LONGEST:
            # What is left was lost, and the report says so.
            break
        while later and later[0][0] <= time.monotonic():
            waiting.append(later[0][2:])
            heapq.heappop(later)
        while waiting and wires.idle:
            body, tried = waiting.popleft()
            signed = int(time.time())
            signature = hmac.new(secret.encode(), f"{signed}.".encode() + body, hashlib.sha256).hexdigest()
            if not wires.send((body, tried, time.monotonic()), body, f"Stripe-Signature: t={signed},v1={signature}\r\n"):
                again(body, tried, 0)
        patience = min(0.1, later[0][0] - time.monotonic()) if later else 0.1
        for (body, tried, sent), status in wires.answers(patience):
            if status == 200:
                seconds.append(time.monotonic() - sent)
            else:
                again(body, tried, status)
    report.put({"begin": begin, "end": time.monotonic(), "seconds": seconds, "others": dict(others)})


def started(work, *arguments):
    """Runs one of these beside us: a function that waits for its report."""
    report = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(*arguments, report), daemon=True)
    process.start()

    def reported():
        while True:
            try:
                found = report.get(timeout=1)
                process.join()
                return found
            except queue.Empty:
                if not process.is_alive():
                    sys.exit(f"{work.__name__} ended without a report")

    return reported


def percentiles(seconds):
    """In milliseconds."""
    times = sorted(one * 1000 for one in seconds)
    if not times:
        return {"p50_ms": None, "p99_ms": None}
    return {
        "p50_ms": round(times[len(times) // 2], 2), "p99_ms": round(times[min(len(times) - 1, len(times) * 99 // 100)], 2)}
