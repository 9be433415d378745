package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// protocols are the revisions of MCP that this server speaks, newest first.
var protocols = []string{"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"}

// The error codes of JSON-RPC 2.0, section 5.1.
const (
	parseError     = -32700
	invalidRequest = -32600
	methodNotFound = -32601
	invalidParams  = -32602
)

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

type request struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  *string         `json:"method"`
	Params  json.RawMessage `json:"params"`
}

type response struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

// handle answers one JSON-RPC message; nil to a notification or a response.
func handle(message []byte) []byte {
	if !json.Valid(message) {
		return encode(response{Error: &rpcError{parseError, "parse error"}})
	}
	var asked request
	isObject := bytes.HasPrefix(bytes.TrimSpace(message), []byte("{"))
	if err := json.Unmarshal(message, &asked); err != nil || !isObject || asked.Version != "2.0" {
		return encode(response{Error: &rpcError{invalidRequest, "not a JSON-RPC 2.0 message"}})
	}
	if asked.ID == nil || asked.Method == nil {
		return nil
	}
	result, failure := dispatch(*asked.Method, asked.Params)
	return encode(response{ID: asked.ID, Result: result, Error: failure})
}

func dispatch(method string, params json.RawMessage) (any, *rpcError) {
	switch method {
	case "initialize":
		return initialize(params)
	case "ping":
		return struct{}{}, nil
	case "tools/list":
		return map[string]any{"tools": tools}, nil
	case "tools/call":
		return callTool(params)
	}
	return nil, &rpcError{methodNotFound, fmt.Sprintf("unknown method `%s`", method)}
}

func initialize(params json.RawMessage) (any, *rpcError) {
	var asked struct {
		ProtocolVersion string `json:"protocolVersion"`
	}
	if failure := decode(params, &asked); failure != nil {
		return nil, failure
	}
	spoken := protocols[0]
	if slices.Contains(protocols, asked.ProtocolVersion) {
		spoken = asked.ProtocolVersion
	}
	return map[string]any{
		"protocolVersion": spoken,
		"capabilities":    map[string]any{"tools": struct{}{}},
		"serverInfo":      map[string]string{"name": "mcp-server-time", "version": version},
	}, nil
}

// decode reads params into target; absent params leave it as it is.
func decode(params json.RawMessage, target any) *rpcError {
	if params == nil {
		return nil
	}
	if err := json.Unmarshal(params, target); err != nil {
		return &rpcError{invalidParams, err.Error()}
	}
	return nil
}

func encode(reply response) []byte {
	reply.Version = "2.0"
	if reply.ID == nil {
		reply.ID = json.RawMessage("null")
	}
	encoded, err := json.Marshal(reply)
	if err != nil {
		return []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"internal error"}}`)
	}
	return encoded
}
