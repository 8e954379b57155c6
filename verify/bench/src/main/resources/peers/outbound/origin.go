package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	domain      = ".bench.test"
	bulkBytes   = 100 << 20
	smallBytes  = 64
	bufferBytes = 64 << 10
)

// What is asked of the origin, by the load.
const (
	smallPath   = "/small"
	bulkPath    = "/bulk"
	endlessPath = "/endless"
)

var (
	small = bytes.Repeat([]byte{'s'}, smallBytes)
	piece = bytes.Repeat([]byte{'b'}, bufferBytes)
)

// Says "listening PORT", and ends with its input.
func serve() {
	certificates := newMint()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	http.HandleFunc(smallPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(smallBytes))
		w.Write(small)
	})
	http.HandleFunc(bulkPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(bulkBytes))
		for sent := 0; sent < bulkBytes; sent += len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	http.HandleFunc(endlessPath, func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	server := &http.Server{
		ErrorLog:     log.New(io.Discard, "", 0), // clients that go in the middle of something
		TLSConfig:    &tls.Config{GetCertificate: certificates.of},
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	log.Fatal(server.ServeTLS(listener, "", ""))
}

// One certificate for each name: a wildcard's would be copied once by subjects that copy certificates.
type mint struct {
	authority tls.Certificate
	signer    *x509.Certificate
	key       *ecdsa.PrivateKey
	lock      sync.Mutex
	minted    map[string]*tls.Certificate
}

func newMint() *mint {
	pair, err := tls.LoadX509KeyPair(*caFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		log.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	return &mint{authority: pair, signer: signer, key: key, minted: map[string]*tls.Certificate{}}
}

func (m *mint) of(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := hello.ServerName
	if !strings.HasSuffix(name, domain) {
		return nil, errors.New("no such host: " + name)
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if known, ok := m.minted[name]; ok {
		return known, nil
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, m.signer, m.key.Public(), m.authority.PrivateKey)
	if err != nil {
		return nil, err
	}
	fresh := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: m.key}
	m.minted[name] = fresh
	return fresh, nil
}
