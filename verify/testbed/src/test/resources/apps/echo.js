// node echo.js PORT ADDRESS: answers with exactly what it received; speaks enough WebSocket to echo text.
const crypto = require('crypto');
const http = require('http');
const [port, address] = [Number(process.argv[2]), process.argv[3]];

const server = http.createServer((request, response) => {
  if (request.url === '/early') { // answers and closes without reading the body
    response.writeHead(403, { Connection: 'close' });
    return response.end('no');
  }
  if (request.url === '/break') { // promises more than it sends
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('half');
    return setTimeout(() => response.socket.destroy(), 50);
  }
  if (request.url === '/silent') return;
  if (request.url === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    let count = 0;
    const timer = setInterval(() => response.write(`data: event ${++count}\n\n`), 1000);
    return request.on('close', () => clearInterval(timer));
  }
  if (request.url === '/slow') { // keeps the page loading until the first event has come
    return setTimeout(() => { response.writeHead(204); response.end(); }, 2500);
  }
  if (request.url === '/page') { // shows in a browser what its WebSocket and its event stream receive
    response.writeHead(200, { 'Content-Type': 'text/html' });
    return response.end(`<!doctype html><title>${address}</title><h1>bound to ${address}</h1><p id=ws>-<p id=sse>-<img src=/slow><script>
      const socket = new WebSocket('ws://' + location.host + '/chat');
      socket.onopen = () => socket.send('echoed by ${address}');
      socket.onmessage = (message) => { ws.textContent = message.data; };
      new EventSource('/events').onmessage = (message) => { sse.textContent = message.data; };
    </script>`);
  }
  if (request.url === '/garbage') { request.socket.write('SSH-2.0-x\r\n\r\n'); return request.socket.end(); }
  const hash = crypto.createHash('sha256');
  let length = 0;
  request.on('data', (chunk) => { hash.update(chunk); length += chunk.length; });
  request.on('end', () => {
    const body = JSON.stringify({
      bound: address, method: request.method, url: request.url, rawHeaders: request.rawHeaders,
      length, sha256: hash.digest('hex'),
    });
    response.writeHead(200, { 'Content-Type': 'application/json', 'X-App': 'echo', 'Set-Cookie': ['a=1', 'b=2'] });
    response.end(body);
  });
});

server.on('upgrade', (request, socket, head) => {
  if (request.url === '/refuse') return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno');
  const accept = crypto.createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\nX-Path: ${request.url}\r\n\r\n`);
  let pending = head;
  const take = (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 6) {
      const size = pending[1] & 127; // short masked frames are all the test sends
      if (pending.length < 6 + size) return;
      const mask = pending.subarray(2, 6);
      const text = Buffer.from(pending.subarray(6, 6 + size).map((b, i) => b ^ mask[i % 4]));
      pending = pending.subarray(6 + size);
      socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
    }
  };
  take(Buffer.alloc(0));
  socket.on('data', take);
  socket.on('error', () => {});
});
server.listen(port, address);
