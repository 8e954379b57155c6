// The origin and the load of `bin/bench outbound`.
//
//	origin: HTTPS with a certificate for every name under bench.test
//	load: requests to it, through a subject or directly
package main

import (
	"flag"
	"log"
	"time"
)

var (
	mode     = flag.String("mode", "", "origin or load")
	caFile   = flag.String("ca", "", "origin: its authority's certificate; load: what the subject's certificates are verified with")
	keyFile  = flag.String("key", "", "origin: its authority's key")
	kind     = flag.String("kind", "", "load: conn, kept, bulk, mint, idle, slow or latency")
	entry    = flag.String("entry", "", "load: address of the subject")
	tunnel   = flag.Bool("connect", true, "load: whether the subject is asked by CONNECT; else it takes TLS as it comes")
	origin   = flag.String("origin", "", "load: address of the origin")
	originCa = flag.String("origin-ca", "", "load: what the origin's own certificates are verified with")
	prefix   = flag.String("prefix", "a", "load: what new names begin with")
	names    = flag.Int("names", 1, "load: how many new names")
	parallel = flag.Int("parallel", 1, "load: connections")
	length   = flag.Duration("length", time.Second, "load: how long is measured")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	switch *mode {
	case "origin":
		serve()
	case "load":
		load()
	default:
		log.Fatal("-mode: origin or load")
	}
}
