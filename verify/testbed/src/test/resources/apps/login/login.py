# python3 login.py PORT: pages behind a login. Remembers by cookie, redirects to absolute addresses made of the Host header.
import html
import secrets
import sys
from http import cookies, server
from urllib.parse import parse_qs

COOKIE = 'session'
names = {}  # by session


class Handler(server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        name = names.get(self.session())
        if self.path == '/login':
            self.page('<h1>Log in</h1><form method="post"><input name="name"><button>Log in</button></form>')
        elif self.path == '/' and name:
            self.page(f'<h1>Hello, {html.escape(name)}</h1><form method="post" action="/logout"><button>Log out</button></form>')
        elif self.path == '/':
            self.redirect('/login')
        else:
            self.send_error(404)

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers['Content-Length'])).decode())
        if self.path == '/login':
            session = secrets.token_hex()
            names[session] = form['name'][0]
            self.redirect('/', f'{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax')
        elif self.path == '/logout':
            names.pop(self.session(), None)
            self.redirect('/login', f'{COOKIE}=; Path=/; Max-Age=0')
        else:
            self.send_error(404)

    def session(self):
        sent = cookies.SimpleCookie(self.headers['Cookie']).get(COOKIE)
        return sent.value if sent else None

    def page(self, body):
        content = f'<!doctype html><title>Login</title>{body}'.encode()
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def redirect(self, path, cookie=None):
        self.send_response(303)
        self.send_header('Location', f'http://{self.headers["Host"]}{path}')
        if cookie:
            self.send_header('Set-Cookie', cookie)
        self.send_header('Content-Length', '0')
        self.end_headers()


server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
