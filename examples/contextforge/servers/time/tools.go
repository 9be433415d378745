package main

import (
	"encoding/json"
	"fmt"
	"time"
)

// now is the clock; tests set it.
var now = time.Now

type object = map[string]any

// tools is what tools/list answers.
var tools = []object{
	{
		"name":        "get_time",
		"description": "The time now in a time zone, by default UTC",
		"inputSchema": schema(object{"timezone": zone}, []string{}),
	},
	{
		"name":        "convert_time",
		"description": "A time in one time zone as the time in another",
		"inputSchema": schema(object{
			"time": object{
				"type":        "string",
				"description": "RFC 3339, or without an offset: a time in `from`",
			},
			"from": zone,
			"to":   zone,
		}, []string{"time", "to"}),
	},
}

var zone = object{"type": "string", "description": "an IANA name, such as Europe/Dublin"}

func schema(properties object, required []string) object {
	return object{"type": "object", "properties": properties, "required": required}
}

// localLayouts are the spellings of a time without an offset.
var localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04"}

func callTool(params json.RawMessage) (any, *rpcError) {
	var call struct {
		Name      string            `json:"name"`
		Arguments map[string]string `json:"arguments"`
	}
	if failure := decode(params, &call); failure != nil {
		return nil, failure
	}
	var text string
	var err error
	switch call.Name {
	case "get_time":
		text, err = getTime(call.Arguments["timezone"])
	case "convert_time":
		arguments := call.Arguments
		text, err = convertTime(arguments["time"], arguments["from"], arguments["to"])
	default:
		return nil, &rpcError{invalidParams, fmt.Sprintf("unknown tool `%s`", call.Name)}
	}
	if err != nil {
		text = err.Error()
	}
	content := []object{{"type": "text", "text": text}}
	return object{"content": content, "isError": err != nil}, nil
}

func getTime(timezone string) (string, error) {
	location, err := location(timezone)
	if err != nil {
		return "", err
	}
	return now().In(location).Format(time.RFC3339), nil
}

func convertTime(text, from, to string) (string, error) {
	source, err := location(from)
	if err != nil {
		return "", err
	}
	target, err := location(to)
	if err != nil {
		return "", err
	}
	moment, err := parse(text, source)
	if err != nil {
		return "", err
	}
	return moment.In(target).Format(time.RFC3339), nil
}

// location is a time zone by its name; none is UTC, and "Local" names no place.
func location(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, fmt.Errorf("unknown time zone `%s`", name)
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone `%s`", name)
	}
	return found, nil
}

func parse(text string, source *time.Location) (time.Time, error) {
	if moment, err := time.Parse(time.RFC3339, text); err == nil {
		return moment, nil
	}
	for _, layout := range localLayouts {
		if moment, err := time.ParseInLocation(layout, text, source); err == nil {
			return moment, nil
		}
	}
	return time.Time{}, fmt.Errorf("`%s` is not a time such as 2026-01-31T12:00:00", text)
}
