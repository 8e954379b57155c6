package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"strconv"
	"sync"
)

const (
	bulkBytes   = 1 << 20
	smallBytes  = 64
	bufferBytes = 64 << 10
)

// What is asked of the app, by the load.
const (
	bulkPath   = "/bulk"
	smallPath  = "/small"
	uploadPath = "/upload"
)

type bufferPool struct{ sync.Pool }

func newBufferPool() *bufferPool {
	return &bufferPool{sync.Pool{New: func() any { return make([]byte, bufferBytes) }}}
}

func (p *bufferPool) Get() []byte  { return p.Pool.Get().([]byte) }
func (p *bufferPool) Put(b []byte) { p.Pool.Put(b) }

func app() {
	bulk := bytes.Repeat([]byte{'b'}, bulkBytes)
	small := bytes.Repeat([]byte{'s'}, smallBytes)
	buffers := newBufferPool()
	answer := func(w http.ResponseWriter, body []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	}
	http.HandleFunc(bulkPath, func(w http.ResponseWriter, r *http.Request) { answer(w, bulk) })
	http.HandleFunc(smallPath, func(w http.ResponseWriter, r *http.Request) { answer(w, small) })
	http.HandleFunc(uploadPath, func(w http.ResponseWriter, r *http.Request) {
		buffer := buffers.Get()
		defer buffers.Put(buffer)
		// Without the wrapper io.CopyBuffer would use a small buffer of io.Discard's own.
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r.Body, buffer); err == nil {
			answer(w, small)
		}
	})
	log.Fatal(http.ListenAndServe(*listen, nil))
}
