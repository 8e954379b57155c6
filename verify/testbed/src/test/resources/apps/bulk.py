"""bulk.py PORT: GET /N sends N pseudo-random MiB, PUT takes a body; both say the SHA-256 of what went by."""
import hashlib
import http.server
import sys

MIB = bytes(i * 31 % 251 for i in range(1 << 20))


class Bulk(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        count = int(self.path[1:])
        self.send_response(200)
        self.send_header("Content-Length", str(count << 20))
        self.end_headers()
        for _ in range(count):
            self.wfile.write(MIB)

    def do_PUT(self):
        digest = hashlib.sha256()
        left = int(self.headers["Content-Length"])
        while left:
            chunk = self.rfile.read(min(left, 1 << 20))
            digest.update(chunk)
            left -= len(chunk)
        body = digest.hexdigest().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Bulk).serve_forever()
