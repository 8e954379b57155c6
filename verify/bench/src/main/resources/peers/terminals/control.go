package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"strings"
)

const (
	// The rest of the streams is for RPC. One stream more would make the transport open a second connection.
	previewsMax = streamsMax - 10

	// How much input goes into one call, and how many messages may wait for it.
	inputBytesMax = 256 << 10
	waitingMax    = 1024
)

type front struct {
	transport http.RoundTripper
	previews  http.Handler
	places    chan struct{}
}

func control() {
	transport := &http.Transport{
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true}, // encrypted all the same
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}
	f := &front{
		transport: transport,
		previews: &httputil.ReverseProxy{
			Director:   func(r *http.Request) { r.URL.Scheme, r.URL.Host = "https", *next },
			Transport:  transport,
			BufferPool: newBufferPool(),
		},
		places: make(chan struct{}, previewsMax),
	}
	mux := http.NewServeMux()
	mux.HandleFunc(createPath, f.create)
	mux.HandleFunc(attachPath, f.attach)
	mux.HandleFunc("/", f.preview)
	log.Fatal(http.ListenAndServe(*listen, mux))
}

func (f *front) preview(w http.ResponseWriter, r *http.Request) {
	f.places <- struct{}{}
	defer func() { <-f.places }()
	f.previews.ServeHTTP(w, r)
}

func (f *front) call(path string, body []byte) (*http.Response, error) {
	request, err := http.NewRequest("POST", "https://"+*next+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := f.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("%s: %s %s", path, answer.Proto, answer.Status)
	}
	return answer, nil
}

func (f *front) create(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	answer, err := f.call(createPath, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	io.Copy(w, answer.Body)
}

// Speaks as much of docs/terminals.md as the measurement needs.
func (f *front) attach(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, attachPath)
	request, _ := json.Marshal(connectRequest{id})
	output, err := f.call(connectPath, request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer output.Body.Close()
	socket, err := acceptWebSocket(w, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer socket.connection.Close()
	socket.send(opText, []byte(`{"attached":{"id":"`+id+`","pid":1,"from":"0"}}`))
	typed := make(chan []byte, waitingMax)
	go f.receive(socket, typed, output.Body)
	go f.input(socket, id, typed)
	for {
		var message event
		if readEnvelope(output.Body, &message) != nil {
			return
		}
		if message.Event.End != nil {
			socket.send(opText, []byte(`{"exit":{"exitCode":0,"exited":true,"status":"exit status 0"}}`))
			socket.send(opClose, []byte{0x03, 0xe8})
			return
		}
		if message.Event.Data != nil && socket.send(opBinary, message.Event.Data.Pty) != nil {
			return
		}
	}
}

// Takes the viewer's messages, of which only input matters here, until it is gone.
func (f *front) receive(socket *webSocket, typed chan<- []byte, output io.Closer) {
	defer close(typed)
	defer output.Close()
	for {
		opcode, payload, err := socket.receive()
		if err != nil || opcode == opClose {
			return
		}
		if opcode == opBinary {
			typed <- payload
		}
	}
}

// One unary call at a time, so that keystrokes stay in order, with all that has been typed meanwhile.
func (f *front) input(socket *webSocket, id string, typed <-chan []byte) {
	taken := 0
	for bytes := range typed {
		for more := true; more && len(bytes) < inputBytesMax; {
			select {
			case next, ok := <-typed:
				bytes, more = append(bytes, next...), ok
			default:
				more = false
			}
		}
		request := inputRequest{ID: id}
		request.Input.Pty = bytes
		text, _ := json.Marshal(request)
		answer, err := f.call(inputPath, text)
		if err != nil {
			log.Print(err)
			socket.connection.Close()
			return
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		taken += len(bytes)
		socket.send(opText, []byte(fmt.Sprintf(`{"taken":{"upTo":"%d"}}`, taken)))
	}
}
