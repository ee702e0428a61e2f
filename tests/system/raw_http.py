"""HTTP as bytes on a socket, for requests that no client library would send."""

import socket
import ssl

from deadline import DEADLINE


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:300]!r}"


class Wire:
    """Connection to an appliance. A read that takes longer than DEADLINE raises TimeoutError."""

    def __init__(self, appliance):
        self.socket = socket.create_connection(("127.0.0.1", appliance.port), timeout=DEADLINE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if appliance.cacert:
            context = ssl.create_default_context(cafile=appliance.cacert)
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.input = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Sends the data. Returns False if the other side closes before the end, as it may after an early answer."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            return False

    def end(self):
        """Ends the sending direction, so the other side knows that no more data follows."""
        try:
            socket.socket.shutdown(self.socket, socket.SHUT_WR)  # the method of a TLS socket would end TLS
        except OSError:
            pass  # the other side has already closed

    def _more(self):
        try:
            data = self.socket.recv(1 << 20)
        except ConnectionResetError:
            data = b""
        self.input += data
        return bool(data)

    def answer(self, has_body=True):
        """Reads and returns the next answer; None if the connection ends without one."""
        while b"\r\n\r\n" not in self.input:
            if not self._more():
                assert not self.input, self.input
                return None
        head, _, rest = self.input.partition(b"\r\n\r\n")
        self.input = rest
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            assert name.lower() not in headers, f"the header {name} comes twice"
            headers[name.lower()] = value.strip()
        status = int(lines[0].split()[1])
        if 100 <= status < 200:
            return Answer(status, headers, b"")
        length = int(headers.get("content-length", 0)) if has_body else 0
        while len(self.input) < length:
            assert self._more(), f"the body ends after {len(self.input)} of {length} bytes"
        body = bytes(self.input[:length])
        del self.input[:length]
        return Answer(status, headers, body)

    def is_closed(self):
        """Reads until the other side ends the connection. Returns whether it sent no more bytes."""
        while self._more():
            pass
        return not self.input


def head(method, path, *lines, host="localhost"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", ""]).encode("latin-1")


def ask(appliance, data, has_body=True):
    """Sends the bytes on a new connection. Returns the answer."""
    with Wire(appliance) as wire:
        wire.send(data)
        return wire.answer(has_body)


def begin_upload(appliance, image_id, declared, sent):
    """Begins an upload of `declared` bytes, and sends the bytes `sent` of it. Returns the connection."""
    wire = Wire(appliance)
    wire.send(head("PUT", f"/v2/images/{image_id}/file", "Content-Type: application/octet-stream",
                   f"Content-Length: {declared}"))
    wire.send(sent)
    return wire
