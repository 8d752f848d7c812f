"""A proxy that sees and may change everything between workstations and a server: what ends TLS, or the server itself."""

import http.client
import http.server
import threading

from signing import digest


class Exchange:
    """A request, and its answer once there is one."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.status, self.answer_headers, self.answer = None, [], b""

    @property
    def route(self):
        return self.method + " " + self.path.split("?")[0]

    def reply(self, status, answer, kind="application/cbor"):
        """Answers in the server's place."""
        self.status, self.answer = status, answer
        self.answer_headers = [("Content-Type", kind), ("Content-Digest", digest(answer))]

    def replace(self, answer):
        """The server's answer, with another body and the digest of that."""
        self.answer = answer
        self.answer_headers = [(name, digest(answer) if name.lower() == "content-digest" else value)
                               for name, value in self.answer_headers]

    def header(self, name):
        return next((value for known, value in self.answer_headers if known.lower() == name.lower()), None)

    def set_header(self, name, value):
        self.answer_headers = [pair for pair in self.answer_headers if pair[0].lower() != name.lower()] + [(name, value)]


class Proxy:
    """Forwards to a port. `before` may answer a request in the server's place, or change it; `after` may change the answer."""

    def __init__(self, port):
        self.target = port
        self.recorded = []
        self.before = self.after = None
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                proxy.serve(self, Exchange(self.command, self.path, list(self.headers.items()), body))

            do_GET = do_POST = do_HEAD = serve

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def honest(self):
        self.before = self.after = None

    def serve(self, handler, exchange):
        if self.before:
            self.before(exchange)
        if exchange.status is None:
            self.forward(exchange)
            self.recorded.append(exchange)
            if self.after:
                self.after(exchange)
        try:
            handler.send_response_only(exchange.status)
            for name, value in exchange.answer_headers:
                if name.lower() not in ("content-length", "connection", "transfer-encoding", "date"):
                    handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(exchange.answer)))
            handler.end_headers()
            if exchange.method != "HEAD":
                handler.wfile.write(exchange.answer)
        except OSError:
            pass

    def forward(self, exchange):
        status, headers, answer = send(self.target, exchange.method, exchange.path, exchange.headers, exchange.body)
        exchange.status, exchange.answer_headers, exchange.answer = status, headers, answer

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def send(port, method, path, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", "127.0.0.1:%d" % port)
        for name, value in headers:
            if name.lower() not in ("host", "content-length", "connection", "expect"):
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
