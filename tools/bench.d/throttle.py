"""What it costs to count each key's calls: on the server, and in Redis for all servers.

usage: throttle.py --program RECOUNT --database URL --url URL --key KEY [--seconds N] [--json]

Three servers beside the one at URL, over the same database: with RECOUNT_THROTTLE=off, as it is by default, and with a private Redis
in RECOUNT_REDIS_URL. Each in turn, three times over, is sent single events by wrk over 64 connections for N seconds; what the key may
must have been lifted. Reported are requests a second and the processor time that the server took for one, medians of the three, and
what the Redis took.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Redis:
    """A private one, from redis-tools: redis-check-rdb is redis-server when it is called so."""

    def __init__(self, folder):
        program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
        if not program:
            sys.exit("no redis-server: install redis-tools")
        self.socket = folder / "redis.sock"
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no", "--dir", folder],
            executable=program, stdout=subprocess.DEVNULL)
        while not self.socket.exists():
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Server:
    def __init__(self, options, environment):
        self.port = free_port()
        self.process = subprocess.Popen(
            [options.program, "serve", "--port", str(self.port)], env=os.environ | environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        sys.exit("a server did not answer within a minute")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def measure(self, options, bodies, redis):
        before, redis_before = cpu_seconds(self.process), cpu_seconds(redis.process)
        output = subprocess.run(
            ["wrk", "-t1", "-c64", f"-d{options.seconds}s", "--timeout", "30s", "-s", HERE / "single.lua",
             f"http://127.0.0.1:{self.port}/api/v1/track"],
            env=os.environ | {"RECOUNT_KEY": options.key, "RECOUNT_BODIES": str(bodies)}, check=True, capture_output=True,
            text=True).stdout
        result = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
        if result["errors"]:
            sys.exit(f"{result['errors']} calls failed: is the key's rate lifted?")
        requests = max(result["requests"], 1)
        return {
            "requests_per_second": round(requests / result["seconds"]),
            "server_us": round((cpu_seconds(self.process) - before) * 1e6 / requests, 1),
            "redis_us": round((cpu_seconds(redis.process) - redis_before) * 1e6 / requests, 1), "p99_ms": result["p99_ms"],
        }


def median(rounds):
    return {name: sorted(found[name] for found in rounds)[len(rounds) // 2] for name in rounds[0]}


def run(options, folder):
    bodies = folder / "bodies.txt"
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    bodies.write_text(
        f'{{"endpoint":"/v2/17/servers","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"{stamp}"\n')
    redis = Redis(folder)
    servers = {}
    try:
        for name, environment in {
            "off": {"RECOUNT_THROTTLE": "off"}, "on the server": {},
            "in Redis": {"RECOUNT_REDIS_URL": f"unix://{redis.socket}"},
        }.items():
            servers[name] = Server(options, environment)
        found = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                found[name].append(server.measure(options, bodies, redis))
        return {name: median(rounds) for name, rounds in found.items()}
    finally:
        for server in servers.values():
            server.stop()
        redis.stop()


def table(result):
    base = result["off"]["requests_per_second"]
    yield "| calls are counted | requests/s | ratio to off | server µs per request | Redis µs per request | p99 ms |"
    yield "|---|---|---|---|---|---|"
    for name, found in result.items():
        yield (f"| {name} | {found['requests_per_second']:,} | {found['requests_per_second'] / max(base, 1):.2f} | "
               f"{found['server_us']} | {found['redis_us']} | {found['p99_ms']} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "database", "url", "key"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--format", help=argparse.SUPPRESS)  # what all scripts of this folder are given
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["DATABASE_URL"] = options.database
    folder = pathlib.Path(tempfile.mkdtemp(prefix="recount-throttle-"))
    try:
        result = run(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result) if options.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
