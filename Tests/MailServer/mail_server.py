"""An SMTP server for tests: takes mails into a folder, and behaves as the recipient's name says.

    busyN…@    451 to the first N attempts, then accepted
    nobody…@   550
    spam…@     554 after the mail's text
    cut…@      the connection breaks after the mail's text, unanswered; the second time it is accepted
    dup…@      accepted, and then the connection breaks, unanswered; the second time it is accepted and answered
    hold…@     waits for a file `release` in the folder before it accepts

What it got lies in the folder as N.json, parsed by Python's own email package: a second opinion on what we wrote. Ends when its
standard input does, so that it never outlives a test.
"""

import argparse
import asyncio
import collections
import email
import email.policy
import json
import os
import pathlib
import ssl
import sys
import threading

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Mailboxes:
    def __init__(self, folder):
        self.folder = folder
        self.attempts = collections.Counter()
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.strip("<>").split("@")[0]
        if name.startswith("nobody"):
            return f"550 5.1.1 <{address}> nobody of that name"
        if name.startswith("busy"):
            self.attempts[address] += 1
            if self.attempts[address] <= int(name[4]):
                return f"451 4.3.2 {address}: try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        self.attempts[name] += 1
        if name.startswith("spam"):
            return "554 5.7.1 looks like advertising"
        if name.startswith("hold"):
            while not (self.folder / "release").exists():
                await asyncio.sleep(0.01)
        if name.startswith("cut") and self.attempts[name] == 1:
            return await self.cut(server)
        self.keep(server, session, envelope)
        if name.startswith("dup") and self.attempts[name] == 1:
            return await self.cut(server)
        return "250 2.0.0 taken"

    async def cut(self, server):
        server.transport.abort()
        await asyncio.sleep(60)

    def keep(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.SMTP)
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        known = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "is_utf8": bool(envelope.smtp_utf8),
            "is_tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.decode() if session.auth_data else None,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "text": text.get_content(),
            "html": html.get_content(),
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
            "raw": envelope.original_content.decode("utf-8"),
        }
        self.count += 1
        draft = self.folder / f".{self.count}"
        draft.write_text(json.dumps(known))
        draft.rename(self.folder / f"{self.count}.json")


def certificate(folder, host):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def login(user, password):
    def check(server, session, envelope, mechanism, data):
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        good = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=good, auth_data=data.login if good else None)

    return check


async def serve(options):
    folder = pathlib.Path(options.folder)
    context = certificate(folder, options.certified) if options.tls != "none" else None
    handler = Mailboxes(folder)

    def session():
        return SMTP(
            handler,
            hostname="mail.test",
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            auth_required=options.user is not None,
            auth_require_tls=options.tls == "starttls",
            authenticator=login(options.user, options.password) if options.user else None,
            enable_SMTPUTF8=options.utf8,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", options.port, ssl=context if options.tls == "implicit" else None
    )
    draft = folder / ".port"
    draft.write_text(str(server.sockets[0].getsockname()[1]))
    draft.rename(folder / "port")
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certified", default="127.0.0.1")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--utf8", action="store_true")
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    asyncio.run(serve(parser.parse_args()))


main()
