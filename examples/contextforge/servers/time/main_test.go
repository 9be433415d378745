package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func check(t *testing.T, message, expected string) {
	t.Helper()
	now = func() time.Time { return time.Unix(1_700_000_000, 0) }
	var out bytes.Buffer
	if code := run(nil, strings.NewReader(message+"\n"), &out, &out); code != 0 {
		t.Fatalf("exit code %d: %s", code, &out)
	}
	if !strings.Contains(out.String(), expected) || (expected == "" && out.Len() > 0) {
		t.Errorf("%s\nanswered %s\nexpected %s", message, &out, expected)
	}
}

func call(name, arguments string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + name +
		`","arguments":` + arguments + `}}`
}

func TestToolsAnswerInTheZoneThatIsAskedFor(t *testing.T) {
	check(t, call("get_time", `{}`), "2023-11-14T22:13:20Z")
	check(t, call("get_time", `{"timezone":"Asia/Tokyo"}`), "2023-11-15T07:13:20+09:00")
	check(t, call("convert_time", `{"time":"2026-01-31T12:00:00","from":"Europe/Dublin",`+
		`"to":"America/New_York"}`), "2026-01-31T07:00:00-05:00")
	check(t, call("convert_time", `{"time":"2026-07-01T12:00:00+02:00","to":"UTC"}`),
		"2026-07-01T10:00:00Z")
}

func TestArgumentsThatDoNotFitAreToldInTheResult(t *testing.T) {
	check(t, call("get_time", `{"timezone":"Mars/Base"}`), "unknown time zone `Mars/Base`")
	check(t, call("get_time", `{"timezone":"../etc/passwd"}`), `"isError":true`)
	check(t, call("convert_time", `{"time":"noon","to":"UTC"}`), "`noon` is not a time")
}

func TestTheProtocolIsJSONRPC(t *testing.T) {
	check(t, `{"jsonrpc":"2.0","id":"a","method":"ping"}`, `{"jsonrpc":"2.0","id":"a","result":{}}`)
	hello := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":`
	check(t, hello+`"2025-06-18"}}`, `"protocolVersion":"2025-06-18"`)
	check(t, hello+`"1999-01-01"}}`, `"protocolVersion":"2025-11-25"`)
	check(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, "")
	check(t, `{"jsonrpc":"2.0","id":1,"method":"nope"}`, `"code":-32601`)
	check(t, call("nope", `{}`), `"code":-32602`)
	check(t, `{"jsonrpc":"1.0","id":1,"method":"ping"}`, `"code":-32600`)
	check(t, `[]`, `"code":-32600`)
	check(t, `{`, `"code":-32700`)
}
