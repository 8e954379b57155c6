package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
)

// The paths of the RPC, and of the terminals at the front.
const (
	createPath  = "/terminal.Terminal/Create"
	connectPath = "/process.Process/Connect"
	inputPath   = "/process.Process/SendInput"
	attachPath  = "/terminals/"
)

const envelopeBytesMax = 1 << 20

type createRequest struct {
	Process struct {
		Cmd  string   `json:"cmd"`
		Args []string `json:"args"`
	} `json:"process"`
}

type terminalInfo struct {
	ID  string `json:"id"`
	Pid int    `json:"pid"`
}

type connectRequest struct {
	ID string `json:"id"`
}

// Bytes are base64 in JSON.
type inputRequest struct {
	ID    string `json:"id"`
	Input struct {
		Pty []byte `json:"pty"`
	} `json:"input"`
}

type event struct {
	Event struct {
		Data *data     `json:"data,omitempty"`
		End  *struct{} `json:"end,omitempty"`
	} `json:"event"`
}

type data struct {
	Pty []byte `json:"pty"`
}

func readMessage(w http.ResponseWriter, r *http.Request, message any) bool {
	if err := json.NewDecoder(r.Body).Decode(message); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func writeMessage(w http.ResponseWriter, message any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(message)
}

// A message of a stream: a byte of flags, four of length, JSON.
func writeEnvelope(w io.Writer, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	envelope := make([]byte, 5, 5+len(text))
	binary.BigEndian.PutUint32(envelope[1:], uint32(len(text)))
	_, err = w.Write(append(envelope, text...))
	return err
}

func readEnvelope(r io.Reader, message any) error {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(head[1:])
	if length > envelopeBytesMax {
		return io.ErrUnexpectedEOF
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	return json.Unmarshal(text, message)
}
