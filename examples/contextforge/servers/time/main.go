// Command mcp-server-time is an MCP server for times and time zones.
//
// Without --port it speaks MCP on stdin and stdout; with --port, over HTTP under /mcp. The time
// zones are inside the binary, so it runs from an empty image.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	_ "time/tzdata"
)

// version is the release's; a build may set it with -ldflags "-X main.version=…".
var version = "1.0.0"

const defaultPort = 9000

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: 0 done, 1 not healthy, 2 usage, 3 could not serve.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mcp-server-time", flag.ContinueOnError)
	flags.SetOutput(stderr)
	host := flags.String("host", env("MCP_HOST", "127.0.0.1"), "`address` to listen on")
	port := flags.String("port", env("MCP_PORT", ""), "serve HTTP on this `port` (0: a free one)")
	health := flags.Bool("health", false, "ask a running server whether it is healthy, then exit")
	showVersion := flags.Bool("version", false, "print the version, then exit")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	number, err := portNumber(*port)
	if err != nil {
		fmt.Fprintln(stderr, "error:", err)
		return 2
	}
	switch {
	case *showVersion:
		fmt.Fprintln(stdout, "mcp-server-time", version)
	case *health:
		if err := probe(number); err != nil {
			fmt.Fprintln(stderr, "error:", err)
			return 1
		}
	case *port != "":
		err = serveHTTP(*host, number, stderr)
	default:
		err = serveStdio(stdin, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "error:", err)
		return 3
	}
	return 0
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func portNumber(text string) (uint16, error) {
	if text == "" {
		return defaultPort, nil
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("`%s` is not a port", text)
	}
	return uint16(number), nil
}
