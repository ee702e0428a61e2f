"""A web server that can be made to behave wrongly."""

import http.server
import threading
import time


class WebServer:
    """Serves `files`, bytes by name, on loopback. `lie`: how it answers later requests wrongly; None: it does not.

    "no parts": sends the whole file, although a part is requested; "slow": sends a byte every 0.2 s; "hang": sends no
    answer; "cut": closes the connection in the middle of a part; "longer", "shorter": the file has another length than
    at first; "error": answers 500. "slow", "cut", "longer" and "shorter" do not apply to a request for the first byte,
    with which a store asks for the length.
    """

    def __init__(self, **files):
        self.files = {f"/{name}": data for name, data in files.items()}
        self.redirects = {}
        self.lie = None
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # a client may close its connection
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        # If a client has gone before it is accepted, the thread would otherwise wait without end for the next one.
        self.server.socket.settimeout(1)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        path = request.path.split("?")[0]
        asked = request.headers.get("Range", "")
        self.asked.append((request.path, asked))
        if path in self.redirects:
            self.send(request, 302, b"", Location=self.redirects[path])
        elif path not in self.files:
            self.send(request, 404, b"nothing")
        elif self.lie == "error":
            self.send(request, 500, b"a secret of the server")
        elif self.lie == "hang":
            request.rfile.read(1)  # until the client hangs up
        else:
            self.give(request, self.files[path], asked)

    def give(self, request, data, asked):
        is_probe = asked == "bytes=0-0"
        if not is_probe:
            data = {"longer": data + b"more", "shorter": data[:-1]}.get(self.lie, data)
        if not asked or self.lie == "no parts":
            self.send(request, 200, data)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        first, last = int(first), int(last or len(data) - 1)
        if first >= len(data):
            self.send(request, 416, b"", **{"Content-Range": f"bytes */{len(data)}"})
            return
        part = data[first:last + 1]
        fields = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
        if is_probe or self.lie not in ("slow", "cut"):
            self.send(request, 206, part, **fields)
            return
        self.head(request, 206, len(part), **fields)
        if self.lie == "cut":
            request.wfile.write(part[:len(part) // 2])
            request.close_connection = True
            return
        for byte in part:
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(0.2)

    def send(self, request, status, body, **fields):
        self.head(request, status, len(body), **fields)
        request.wfile.write(body)

    @staticmethod
    def head(request, status, length, **fields):
        request.send_response(status)
        for name, value in fields.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(length))
        request.end_headers()
