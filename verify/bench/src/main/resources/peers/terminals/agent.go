package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log"
	"math/big"
	"net/http"
	"net/http/httputil"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Go's server allows so many streams on a connection, and net/http has no setting for it.
const streamsMax = 250

func agent() {
	terminals := &terminals{open: map[string]*terminal{}}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		terminals.end()
		os.Exit(0)
	}()
	previews := &httputil.ReverseProxy{
		Director:   func(r *http.Request) { r.URL.Scheme, r.URL.Host = "http", *next },
		Transport:  &http.Transport{MaxIdleConnsPerHost: 2 * streamsMax, DisableCompression: true},
		BufferPool: newBufferPool(),
	}
	mux := http.NewServeMux()
	mux.HandleFunc(createPath, terminals.create)
	mux.HandleFunc(connectPath, terminals.connect)
	mux.HandleFunc(inputPath, terminals.input)
	mux.Handle("/", previews)
	server := &http.Server{
		Addr:      *listen,
		Handler:   mux,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{selfSigned()}},
	}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

func selfSigned() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

type terminals struct {
	lock sync.Mutex
	open map[string]*terminal
}

func (t *terminals) find(w http.ResponseWriter, id string) *terminal {
	t.lock.Lock()
	defer t.lock.Unlock()
	found := t.open[id]
	if found == nil {
		http.Error(w, "no such terminal", http.StatusNotFound)
	}
	return found
}

func (t *terminals) end() {
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, terminal := range t.open {
		terminal.end()
	}
}

func (t *terminals) create(w http.ResponseWriter, r *http.Request) {
	var request createRequest
	if !readMessage(w, r, &request) {
		return
	}
	started, err := startTerminal(request.Process.Cmd, request.Process.Args)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	t.lock.Lock()
	id := strconv.Itoa(len(t.open))
	t.open[id] = started
	t.lock.Unlock()
	writeMessage(w, terminalInfo{id, started.command.Process.Pid})
}

// Streams output as it comes, and ends with the program.
func (t *terminals) connect(w http.ResponseWriter, r *http.Request) {
	var request connectRequest
	if !readMessage(w, r, &request) {
		return
	}
	terminal := t.find(w, request.ID)
	if terminal == nil {
		return
	}
	w.Header().Set("Content-Type", "application/connect+json")
	buffer := make([]byte, bufferBytes)
	for {
		n, err := terminal.master.Read(buffer)
		var message event
		if err != nil {
			message.Event.End = &struct{}{}
		} else {
			message.Event.Data = &data{buffer[:n]}
		}
		if writeEnvelope(w, message) != nil || err != nil {
			return
		}
		w.(http.Flusher).Flush()
	}
}

func (t *terminals) input(w http.ResponseWriter, r *http.Request) {
	var request inputRequest
	if !readMessage(w, r, &request) {
		return
	}
	if terminal := t.find(w, request.ID); terminal != nil {
		if _, err := terminal.master.Write(request.Input.Pty); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeMessage(w, struct{}{})
	}
}
