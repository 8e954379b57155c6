package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	leadIn      = 300 * time.Millisecond
	oneName     = "origin"
	idleTunnels = 1000
	idleFirst   = 20
	slowEvery   = time.Second
	slowPiece   = 1 << 10
	pace        = 5 * time.Millisecond
)

var commands = bufio.NewScanner(os.Stdin)

// A measurement has phases. Before each it says "ready" and waits for a line; after it "counted NAME VALUE ...". It
// stays until its input ends: whoever measures reads off what it took.
func load() {
	switch *kind {
	case "conn":
		steady(func() worker { return freshWorker(through()) })
	case "kept":
		steady(func() worker { return keptWorker(through()) })
	case "bulk":
		steady(func() worker { return bulkWorker(through()) })
	case "names":
		steady(func() worker { return namesWorker(through()) })
	case "mint":
		mintNames()
	case "idle":
		idle()
	case "slow":
		slow()
	case "latency":
		latency()
	default:
		log.Fatal("-kind: conn, kept, bulk, names, mint, idle, slow or latency")
	}
	commands.Scan()
}

func ready() {
	fmt.Println("ready")
	if !commands.Scan() {
		os.Exit(1)
	}
}

func counted(pairs ...any) { fmt.Println(append([]any{"counted"}, pairs...)...) }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

var (
	counting atomic.Bool
	bytesIn  atomic.Int64
)

// Does one thing and tells of bytes as they come.
type worker func() error

func freshWorker(w way) worker {
	return func() error {
		c, err := w.open(oneName)
		if err != nil {
			return err
		}
		defer c.close()
		return c.small()
	}
}

func namesWorker(w way) worker {
	number := 0
	return func() error {
		visit(w, number)
		number = (number + 1) % *names
		return nil
	}
}

func kept(w way) *client {
	c, err := w.open(oneName)
	must(err)
	must(c.small())
	return c
}

func keptWorker(w way) worker {
	c := kept(w)
	return func() error { return c.small() }
}

func bulkWorker(w way) worker {
	c := kept(w)
	return func() error { return c.bulk(arrived) }
}

func arrived(n int) {
	if counting.Load() {
		bytesIn.Add(int64(n))
	}
}

// Workers in parallel, each one thing after the other; the first error ends all.
func steady(newWorker func() worker) {
	var lock sync.Mutex
	var took []time.Duration
	for i := 0; i < *parallel; i++ {
		do := newWorker()
		go func() {
			for {
				began := time.Now()
				must(do())
				if counting.Load() {
					lock.Lock()
					took = append(took, time.Since(began))
					lock.Unlock()
				}
			}
		}()
	}
	time.Sleep(leadIn)
	ready()
	began := time.Now()
	counting.Store(true)
	time.Sleep(*length)
	counting.Store(false)
	seconds := time.Since(began).Seconds()
	lock.Lock()
	defer lock.Unlock()
	counted("seconds", seconds, "answers", len(took), "bytes", bytesIn.Load(), "p50_ms", ms(took, 50), "p99_ms", ms(took, 99))
}

// Two phases: connections to names that nobody has asked for, then to the same names. The origin has had to mint
// its own certificates before.
func mintNames() {
	for i := 0; i < *names; i++ {
		visit(directly(), i)
	}
	w := through()
	for phase := 0; phase < 2; phase++ {
		ready()
		var took []time.Duration
		for i := 0; i < *names; i++ {
			took = append(took, visit(w, i))
		}
		counted("answers", *names, "p50_ms", ms(took, 50))
	}
}

func visit(w way, number int) time.Duration {
	began := time.Now()
	c, err := w.open(*prefix + "-" + strconv.Itoa(number))
	must(err)
	must(c.small())
	took := time.Since(began)
	c.close()
	return took
}

// Opens tunnels; when they have been weighed, each has to answer once more.
func idle() {
	w := through()
	var open []*client
	for len(open) < idleFirst {
		open = append(open, kept(w))
	}
	ready()
	for len(open) < idleFirst+idleTunnels {
		open = append(open, kept(w))
	}
	counted("tunnels", idleTunnels)
	ready()
	for _, c := range open {
		must(c.small())
	}
	counted("answers", len(open))
}

// Reads a body that has no end, slowly.
func slow() {
	c := kept(through())
	ready()
	must(c.request(endlessPath))
	_, err := c.head()
	must(err)
	total := 0
	piece := make([]byte, slowPiece)
	for began := time.Now(); time.Since(began) < *length; {
		c.tls.SetDeadline(time.Now().Add(silenceMax))
		n, err := c.answers.Read(piece)
		must(err)
		total += n
		time.Sleep(slowEvery)
	}
	counted("bytes", total)
}

// Asks directly and through the subject in turns.
func latency() {
	clients := []*client{kept(directly()), kept(through())}
	took := make([][]time.Duration, len(clients))
	ask := func(length time.Duration) {
		for end := time.Now().Add(length); time.Now().Before(end); {
			for i, c := range clients {
				time.Sleep(pace)
				began := time.Now()
				must(c.small())
				took[i] = append(took[i], time.Since(began))
			}
		}
	}
	ask(leadIn)
	for i := range took {
		took[i] = nil
	}
	ready()
	ask(*length)
	counted("answers", len(took[1]), "direct_p50_ms", ms(took[0], 50), "direct_p99_ms", ms(took[0], 99),
		"p50_ms", ms(took[1], 50), "p99_ms", ms(took[1], 99))
}

// A percentile.
func ms(took []time.Duration, percent int) float64 {
	if len(took) == 0 {
		return 0
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return float64(took[len(took)*percent/100].Microseconds()) / 1000
}
