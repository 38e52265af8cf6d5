"""Servers on loopback that write down what they are told, and answer as a plan says.

    receiver.py http DIR [CERTIFICATE KEY]
    receiver.py smtp DIR plain|starttls|wrapper [CERTIFICATE KEY]

Standard output gets the port. DIR/requests gets one line of JSON for each request or mail. DIR/plan is a list of steps
of which each request takes one, and the last one stays: 200, "429 1" (a status and Retry-After), "slow 5", "drop",
"to URL" (a redirect).
"""

import json
import os
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()


def note(place, entry):
    with lock, open(os.path.join(place, "requests"), "a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def step(place):
    path = os.path.join(place, "plan")
    with lock:
        with open(path, encoding="utf-8") as file:
            plan = json.load(file)
        if len(plan) > 1:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(plan[1:], file)
    return str(plan[0]).split()


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        place = self.server.place
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        entry = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode(),
        }
        note(place, entry)
        word, *rest = step(place)
        if word == "drop":
            self.connection.close()
            return
        if word == "slow":
            time.sleep(float(rest[0]))
            word = "200"
        self.send_response(302 if word == "to" else int(word))
        if word == "to":
            self.send_header("location", rest[0])
        elif rest:
            self.send_header("retry-after", rest[0])
        answer = b"an answer with the words of a server"
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def serve_http(place, certificate=None, key=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.place = place
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def serve_smtp(place, security, certificate=None, key=None):
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Mailbox:
        async def handle_DATA(self, server, session, envelope):
            word, *_ = step(place)
            entry = {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "secured": session.ssl is not None or security == "wrapper",
                "login": session.auth_data.decode() if session.auth_data else None,
                "body": envelope.content.decode(),
            }
            note(place, entry)
            return "250 taken" if word == "200" else f"{word} the words of a server"

    def login(server, session, envelope, mechanism, data):
        if data.login == b"ops" and data.password == b"p@ss/word":
            return AuthResult(success=True, auth_data=data.login)
        return AuthResult(success=False, handled=False)

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    options = {"authenticator": login, "auth_require_tls": security == "starttls"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if security == "plain":
        options = {}
    class AnyPort(Controller):
        def _trigger_server(self):
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = AnyPort(
        Mailbox(),
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if security == "wrapper" else None,
        **options,
    )
    controller.start()
    print(controller.port, flush=True)
    threading.Event().wait()


kind, place, *rest = sys.argv[1:]
{"http": serve_http, "smtp": serve_smtp}[kind](place, *rest)
