// The app and the load of `bin/bench pty`, and its baseline: terminals and previews over one shared HTTP/2 connection.
//
//	app: bulk both ways and small answers; the same program in a sandbox and behind the baseline
//	load: downloads, uploads and small requests until its input ends
//	agent: terminals by RPC and a proxy to the app, HTTP/2 over TLS
//	control: a public HTTP/1.1 listener; RPC and previews go through one http.Transport to the agent
package main

import (
	"flag"
	"log"
)

var (
	mode   = flag.String("mode", "", "app, load, agent or control")
	listen = flag.String("listen", "", "address to listen on")
	next   = flag.String("next", "", "address of the next hop")
	host   = flag.String("host", "", "what the load puts into Host")
)

func main() {
	flag.Parse()
	switch *mode {
	case "app":
		app()
	case "load":
		load()
	case "agent":
		agent()
	case "control":
		control()
	default:
		log.Fatal("-mode: app, load, agent or control")
	}
}
