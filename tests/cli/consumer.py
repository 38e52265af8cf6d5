"""Services that sign and verify tokens, and clients that use them without a pause.

Each service reads its env file anew for every request, signs with JWT_SECRET and accepts what JWT_SECRET or
JWT_SECRET_PREVIOUS has signed. A client logs in at one service and shows its token to all of them. The counts are
printed when standard input ends.
"""

import http.client
import http.server
import json
import sys
import threading
import time

import jwt

LIFETIME = 2.0  # seconds that a token is valid
SESSION = 0.4  # seconds that a client keeps one


def secrets(path):
    found = {}
    with open(path) as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            found[name] = value
    return found


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        held = secrets(self.server.env_file)
        if self.path == "/login":
            claims = {"sub": "client", "exp": time.time() + LIFETIME}
            return self.answer(200, jwt.encode(claims, held["JWT_SECRET"], algorithm="HS256"))
        token = self.headers["Authorization"]
        for name in ("JWT_SECRET", "JWT_SECRET_PREVIOUS"):
            try:
                jwt.decode(token, held[name], algorithms=["HS256"])
                return self.answer(200, "")
            except (KeyError, jwt.InvalidSignatureError):
                continue
            except jwt.InvalidTokenError:
                break
        return self.answer(401, "")

    def answer(self, code, text):
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(env_file):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    server.env_file = env_file
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def ask(connection, path, token=""):
    connection.request("GET", path, headers={"Authorization": token})
    response = connection.getresponse()
    return response.status, response.read().decode()


def use(ports, home, counts, stop):
    connections = [http.client.HTTPConnection("127.0.0.1", port) for port in ports]
    while not stop.is_set():
        _, token = ask(connections[home], "/login")
        until = time.time() + SESSION
        while time.time() < until and not stop.is_set():
            for connection in connections:
                status, _ = ask(connection, "/", token)
                counts["accepted" if status == 200 else "rejected"] += 1
                time.sleep(0.002)


def main():
    ports = [serve(path) for path in sys.argv[1:]]
    counts = [{"accepted": 0, "rejected": 0} for _ in range(4)]
    stop = threading.Event()
    clients = [
        threading.Thread(target=use, args=(ports, number % len(ports), count, stop))
        for number, count in enumerate(counts)
    ]
    for client in clients:
        client.start()
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    for client in clients:
        client.join()
    total = {key: sum(count[key] for count in counts) for key in ("accepted", "rejected")}
    print(json.dumps(total), flush=True)


main()
