package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxMessage is the largest message that is read, in bytes.
const maxMessage = 4 << 20

// serveStdio answers each line of in with a line on out, until in ends.
func serveStdio(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxMessage)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if reply := handle(lines.Bytes()); reply != nil {
			if _, err := fmt.Fprintf(out, "%s\n", reply); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

// serveHTTP serves /mcp and /health until the process ends. It says on log where it listens.
func serveHTTP(host string, port uint16, log io.Writer) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "mcp-server-time on http://%s/mcp\n", listener.Addr())
	server := &http.Server{Handler: routes(), ReadTimeout: time.Minute}
	return server.Serve(listener)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"status": "healthy"}`)
	})
	mux.HandleFunc("POST /mcp", serveMessage)
	return mux
}

func serveMessage(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "another site's page may not call this server", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	reply := handle(body)
	if reply == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(reply)
}

// sameOrigin says whether a request comes from no page at all, or from a page of this server: a
// page elsewhere must not reach a server on its reader's machine.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	page, err := url.Parse(origin)
	return err == nil && page.Host == r.Host
}

// probe asks the server on this machine whether it is healthy.
func probe(port uint16) error {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/health", port))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}
