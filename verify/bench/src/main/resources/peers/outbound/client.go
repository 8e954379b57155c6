package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

const silenceMax = 20 * time.Second

// How the origin is reached.
type way struct {
	address string
	connect bool
	trusted *x509.CertPool
}

func through() way  { return way{*entry, *tunnel, pool(*caFile)} }
func directly() way { return way{*origin, false, pool(*originCa)} }

func pool(file string) *x509.CertPool {
	pem, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(pem) {
		log.Fatal("no certificate in ", file)
	}
	return trusted
}

// A connection to the origin under one of its names, TLS verified.
type client struct {
	tls     *tls.Conn
	answers *bufio.Reader
	buffer  []byte
	host    string
}

func (w way) open(name string) (*client, error) {
	_, port, err := net.SplitHostPort(*origin)
	if err != nil {
		return nil, err
	}
	host := name + domain + ":" + port
	connection, err := net.DialTimeout("tcp", w.address, silenceMax)
	if err != nil {
		return nil, err
	}
	c, err := w.handshake(connection, name+domain, host)
	if err != nil {
		connection.Close()
		return nil, err
	}
	return c, nil
}

func (w way) handshake(connection net.Conn, name, host string) (*client, error) {
	connection.SetDeadline(time.Now().Add(silenceMax))
	if w.connect {
		if err := connect(connection, host); err != nil {
			return nil, err
		}
	}
	secured := tls.Client(connection, &tls.Config{RootCAs: w.trusted, ServerName: name})
	if err := secured.Handshake(); err != nil {
		return nil, err
	}
	return &client{secured, bufio.NewReaderSize(secured, 4<<10), make([]byte, bufferBytes), host}, nil
}

// Nothing follows the head: the origin does not speak first.
func connect(connection net.Conn, host string) error {
	if _, err := io.WriteString(connection, "CONNECT "+host+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
		return err
	}
	head := make([]byte, 0, 512)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if len(head) == cap(head) {
			return errors.New("a long answer to CONNECT: " + string(head))
		}
		n, err := connection.Read(head[len(head):cap(head)])
		if err != nil {
			return errors.New(err.Error() + " after " + string(head))
		}
		head = head[:len(head)+n]
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		return errors.New("CONNECT answered: " + string(head))
	}
	return nil
}

func (c *client) close() { c.tls.Close() }

func (c *client) request(path string) error {
	c.tls.SetDeadline(time.Now().Add(silenceMax))
	_, err := io.WriteString(c.tls, "GET "+path+" HTTP/1.1\r\nHost: "+c.host+"\r\nUser-Agent: bench/1.0\r\n"+
		"Accept: application/json\r\nAccept-Encoding: identity\r\nAccept-Language: en\r\n"+
		"Authorization: Bearer 0123456789abcdef0123456789abcdef\r\nX-Request-Id: 00000000-0000-0000-0000-000000000000\r\n\r\n")
	return err
}

// Asks for the small body and checks it.
func (c *client) small() error {
	if err := c.request(smallPath); err != nil {
		return err
	}
	length, err := c.head()
	if err != nil {
		return err
	}
	body := c.buffer[:smallBytes]
	if length != smallBytes {
		return errors.New("a body of " + strconv.Itoa(length))
	}
	if _, err := io.ReadFull(c.answers, body); err != nil {
		return err
	}
	if !bytes.Equal(body, small) {
		return errors.New("another body: " + string(body))
	}
	return nil
}

// Asks for the large body, checks its length, and tells of each piece.
func (c *client) bulk(arrived func(int)) error {
	if err := c.request(bulkPath); err != nil {
		return err
	}
	length, err := c.head()
	if err != nil {
		return err
	}
	if length != bulkBytes {
		return errors.New("a body of " + strconv.Itoa(length))
	}
	for length > 0 {
		c.tls.SetDeadline(time.Now().Add(silenceMax))
		space := c.buffer
		if length < len(space) {
			space = space[:length]
		}
		n, err := c.answers.Read(space)
		if err != nil {
			return err
		}
		if space[0] != 'b' || space[n-1] != 'b' {
			return errors.New("another body")
		}
		length -= n
		arrived(n)
	}
	return nil
}

// Reads an answer's head and gives the length of its body, -1 if it does not say.
func (c *client) head() (int, error) {
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
			return length, nil
		}
		const name = "content-length:"
		if len(line) > len(name) && strings.EqualFold(string(line[:len(name)]), name) {
			if length, err = strconv.Atoi(strings.TrimSpace(string(line[len(name):]))); err != nil {
				return 0, err
			}
		}
	}
}
