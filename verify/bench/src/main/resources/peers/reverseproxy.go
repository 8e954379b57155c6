// The peers made of Go's httputil.ReverseProxy.
//
//	single: one proxy, with pools and buffers as large as the load wants
//	front, back: two proxies one behind the other as in the forerunner, mTLS and pools of 20 and 100 connections between
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	bufferBytes    = 64 << 10
	routeKeptFor   = 120 * time.Second
	innerName      = "agent"
	innerPrefix    = "/proxy/"
	readHeaderWait = 10 * time.Second
	idleWait       = 620 * time.Second
)

var (
	mode    = flag.String("mode", "single", "single, front or back")
	listen  = flag.String("listen", "", "address to listen on")
	next    = flag.String("next", "", "address of the next hop")
	known   = flag.String("id", "", "the one sandbox there is")
	certs   = flag.String("certs", "", "directory of cert.pem and key.pem, the same for both sides")
	hostExp = regexp.MustCompile(`^(\d+)-(cl-[0-9a-z]+)\.`)
)

func main() {
	flag.Parse()
	server := &http.Server{Addr: *listen, ReadHeaderTimeout: readHeaderWait, IdleTimeout: idleWait}
	switch *mode {
	case "single":
		server.Handler = single()
		log.Fatal(server.ListenAndServe())
	case "front":
		server.Handler = front()
		log.Fatal(server.ListenAndServe())
	case "back":
		server.Handler = back()
		server.TLSConfig = mutualTLS()
		server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
		log.Fatal(server.ListenAndServeTLS("", ""))
	}
}

type bufferPool struct{ sync.Pool }

func (p *bufferPool) Get() []byte  { return p.Pool.Get().([]byte) }
func (p *bufferPool) Put(b []byte) { p.Pool.Put(b) }

func single() http.Handler {
	buffers := &bufferPool{sync.Pool{New: func() any { return make([]byte, bufferBytes) }}}
	proxy := &httputil.ReverseProxy{
		Director:   func(r *http.Request) { r.URL.Scheme, r.URL.Host = "http", *next },
		Transport:  transport(0, 1024, nil),
		BufferPool: buffers,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, id, ok := sandbox(r.Host); !ok || id != *known {
			http.NotFound(w, r)
			return
		}
		forwarded(r)
		proxy.ServeHTTP(w, r)
	})
}

type route struct {
	host    string
	expires time.Time
}

func front() http.Handler {
	var lock sync.Mutex
	routes := map[string]route{}
	find := func(id string) (string, bool) {
		lock.Lock()
		defer lock.Unlock()
		if found, ok := routes[id]; ok && time.Now().Before(found.expires) {
			return found.host, true
		}
		if id != *known {
			return "", false
		}
		routes[id] = route{*next, time.Now().Add(routeKeptFor)}
		return *next, true
	}
	pool := transport(100, 20, mutualTLS())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		port, id, ok := sandbox(r.Host)
		host, found := find(id)
		if !ok || !found {
			http.NotFound(w, r)
			return
		}
		forwarded(r)
		prefix := innerPrefix + id + "/" + port
		proxy := &httputil.ReverseProxy{
			Director: func(r *http.Request) {
				r.URL.Scheme, r.URL.Host, r.Host = "https", host, host
				r.URL.Path = prefix + r.URL.Path
			},
			Transport: pool,
			ModifyResponse: func(answer *http.Response) error {
				if location := answer.Header.Get("Location"); location != "" {
					answer.Header.Set("Location", strings.TrimPrefix(location, prefix))
				}
				return nil
			},
		}
		proxy.ServeHTTP(w, r)
	})
}

func back() http.Handler {
	var proxies sync.Map
	pool := transport(100, 20, nil)
	mux := http.NewServeMux()
	mux.HandleFunc(innerPrefix, func(w http.ResponseWriter, r *http.Request) {
		parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, innerPrefix), "/", 3)
		if len(parts) < 2 || parts[0] != *known {
			http.NotFound(w, r)
			return
		}
		key := parts[0] + "/" + parts[1]
		proxy, ok := proxies.Load(key)
		if !ok {
			prefix := innerPrefix + key
			proxy, _ = proxies.LoadOrStore(key, &httputil.ReverseProxy{
				Director: func(r *http.Request) {
					r.URL.Scheme, r.URL.Host, r.Host = "http", *next, *next
					r.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, prefix), "/")
				},
				Transport: pool,
			})
		}
		proxy.(*httputil.ReverseProxy).ServeHTTP(w, r)
	})
	return mux
}

func sandbox(host string) (port, id string, ok bool) {
	found := hostExp.FindStringSubmatch(host)
	if found == nil {
		return "", "", false
	}
	return found[1], found[2], true
}

// ReverseProxy adds X-Forwarded-For by itself.
func forwarded(r *http.Request) {
	r.Header.Set("X-Forwarded-Host", r.Host)
	r.Header.Set("X-Forwarded-Proto", "http")
}

func transport(idle, idlePerHost int, config *tls.Config) *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 20 * time.Second}).DialContext,
		MaxIdleConns:        idle,
		MaxIdleConnsPerHost: idlePerHost,
		IdleConnTimeout:     120 * time.Second,
		DisableCompression:  true,
		TLSClientConfig:     config,
	}
}

func mutualTLS() *tls.Config {
	pair, err := tls.LoadX509KeyPair(*certs+"/cert.pem", *certs+"/key.pem")
	if err != nil {
		log.Fatal(err)
	}
	pem, err := os.ReadFile(*certs + "/cert.pem")
	if err != nil {
		log.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{pair},
		RootCAs:      trusted,
		ServerName:   innerName,
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    trusted,
	}
}
