package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	downloads  = 8
	uploads    = 4
	smalls     = 256
	dialEvery  = 2 * time.Millisecond
	retryAfter = 100 * time.Millisecond
	silenceMax = 20 * time.Second
	warmUp     = 3 * time.Second
)

var (
	down, up, asked, failed atomic.Int64
	firstError              atomic.Value
)

// Says "loaded" after warming up, and what it has counted since then when its input ends.
func load() {
	for i := 0; i < downloads; i++ {
		go again(func(c *caller) error { return c.ask("GET", bulkPath, 0, &down) })
	}
	for i := 0; i < uploads; i++ {
		go again(func(c *caller) error { return c.ask("POST", uploadPath, bulkBytes, nil) })
	}
	for i := 0; i < smalls; i++ {
		go again(func(c *caller) error {
			err := c.ask("GET", smallPath, 0, nil)
			if err == nil {
				asked.Add(1)
			}
			return err
		})
		time.Sleep(dialEvery)
	}
	time.Sleep(warmUp)
	for _, counter := range []*atomic.Int64{&down, &up, &asked} {
		counter.Store(0)
	}
	began := time.Now()
	fmt.Println("loaded")
	io.Copy(io.Discard, os.Stdin)
	seconds := time.Since(began).Seconds()
	if err := firstError.Load(); err != nil {
		log.Print("the first of its errors: ", err)
	}
	fmt.Printf("counted %.3f %d %d %d %d\n", seconds, down.Load(), up.Load(), asked.Load(), failed.Load())
}

// Does something on one connection after the other, each for as long as it lasts.
func again(do func(*caller) error) {
	for {
		err := onConnection(do)
		failed.Add(1)
		firstError.CompareAndSwap(nil, err.Error())
		time.Sleep(retryAfter)
	}
}

func onConnection(do func(*caller) error) error {
	connection, err := net.DialTimeout("tcp", *next, silenceMax)
	if err != nil {
		return err
	}
	defer connection.Close()
	c := &caller{connection, bufio.NewReaderSize(connection, bufferBytes), make([]byte, bufferBytes)}
	for {
		if err := do(c); err != nil {
			return err
		}
	}
}

type caller struct {
	connection net.Conn
	answers    *bufio.Reader
	buffer     []byte
}

// Sends a request and checks the answer; its body counts where it is to.
func (c *caller) ask(method, path string, body int, counted *atomic.Int64) error {
	c.connection.SetDeadline(time.Now().Add(silenceMax))
	head := method + " " + path + " HTTP/1.1\r\nHost: " + *host + "\r\nUser-Agent: load\r\nAccept: */*\r\n"
	if method == "POST" {
		head += "Content-Type: application/octet-stream\r\nContent-Length: " + strconv.Itoa(body) + "\r\n"
	}
	if _, err := io.WriteString(c.connection, head+"\r\n"); err != nil {
		return err
	}
	for sent := 0; sent < body; sent += len(c.buffer) {
		if _, err := c.connection.Write(c.buffer); err != nil {
			return err
		}
		up.Add(int64(len(c.buffer)))
	}
	length, err := c.head()
	if err != nil {
		return err
	}
	for length > 0 {
		piece := c.buffer
		if length < len(piece) {
			piece = piece[:length]
		}
		n, err := c.answers.Read(piece)
		if err != nil {
			return err
		}
		length -= n
		if counted != nil {
			counted.Add(int64(n))
		}
	}
	return nil
}

// Reads an answer's head and gives the length of its body.
func (c *caller) head() (int, error) {
	status, err := c.answers.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200 ") {
		return 0, errors.New("answered: " + strings.TrimSpace(status))
	}
	length := -1
	for {
		line, err := c.answers.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		const name = "content-length:"
		if len(line) > len(name) && strings.EqualFold(string(line[:len(name)]), name) {
			if length, err = strconv.Atoi(strings.TrimSpace(string(line[len(name):]))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errors.New("an answer without Content-Length")
	}
	return length, nil
}
