package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

const (
	opText   = 1
	opBinary = 2
	opClose  = 8

	frameBytesMax = 1 << 20
)

// The server's side of RFC 6455, for messages in one frame each.
type webSocket struct {
	connection net.Conn
	input      *bufio.Reader
	sending    sync.Mutex
}

func acceptWebSocket(w http.ResponseWriter, r *http.Request) (*webSocket, error) {
	key := r.Header.Get("Sec-WebSocket-Key")
	hijacker, ok := w.(http.Hijacker)
	if key == "" || !ok {
		return nil, errors.New("no WebSocket handshake")
	}
	connection, streams, err := hijacker.Hijack()
	if err != nil {
		return nil, err
	}
	hash := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	_, err = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"+
		"Connection: Upgrade\r\nSec-WebSocket-Accept: "+base64.StdEncoding.EncodeToString(hash[:])+"\r\n\r\n")
	return &webSocket{connection: connection, input: streams.Reader}, err
}

func (s *webSocket) send(opcode byte, payload []byte) error {
	frame := make([]byte, 2, 10+len(payload))
	frame[0] = 0x80 | opcode
	switch {
	case len(payload) < 126:
		frame[1] = byte(len(payload))
	case len(payload) < 1<<16:
		frame[1] = 126
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(payload)))
	default:
		frame[1] = 127
		frame = binary.BigEndian.AppendUint64(frame, uint64(len(payload)))
	}
	frame = append(frame, payload...)
	s.sending.Lock()
	defer s.sending.Unlock()
	_, err := s.connection.Write(frame)
	return err
}

func (s *webSocket) receive() (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err = io.ReadFull(s.input, head[:]); err != nil {
		return
	}
	length := uint64(head[1] & 0x7f)
	var longer [8]byte
	switch length {
	case 126:
		_, err = io.ReadFull(s.input, longer[6:])
		length = binary.BigEndian.Uint64(longer[:])
	case 127:
		_, err = io.ReadFull(s.input, longer[:])
		length = binary.BigEndian.Uint64(longer[:])
	}
	if err == nil && (length > frameBytesMax || head[0]&0x80 == 0 || head[1]&0x80 == 0) {
		err = errors.New("a frame that is too long, in parts, or not masked")
	}
	if err != nil {
		return
	}
	var mask [4]byte
	if _, err = io.ReadFull(s.input, mask[:]); err != nil {
		return
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(s.input, payload)
	for i := range payload {
		payload[i] ^= mask[i&3]
	}
	return head[0] & 0x0f, payload, err
}
