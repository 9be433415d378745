// Reads a file of frames and prints one line of JSON for each: what Go's readers see.
//
// A frame is one letter (which reader), the length as four bytes (big-endian), and the input. A
// line is `{"ok": reading}` or `{"error": text}`.
package main

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"unicode/utf8"
)

type answer struct {
	OK    any    `json:"ok,omitempty"`
	Error string `json:"error,omitempty"`
}

func text(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	return "not UTF-8: " + hex.EncodeToString([]byte(name))
}

func digest(reader io.Reader) (string, error) {
	sum := sha256.New()
	_, err := io.Copy(sum, reader)
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

var kinds = map[byte]string{
	tar.TypeReg:     "file",
	tar.TypeLink:    "hardlink",
	tar.TypeSymlink: "symlink",
	tar.TypeChar:    "device",
	tar.TypeBlock:   "device",
	tar.TypeDir:     "folder",
	tar.TypeFifo:    "device",
}

func tarMembers(data []byte) (any, error) {
	rows := []any{}
	archive := tar.NewReader(bytes.NewReader(data))
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		// What is true of all members is no member.
		if header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		kind, known := kinds[header.Typeflag]
		if !known {
			kind = fmt.Sprintf("of type %q", header.Typeflag)
		}
		content, err := digest(archive)
		if err != nil {
			return nil, err
		}
		link := ""
		if kind == "symlink" || kind == "hardlink" {
			link = text(header.Linkname)
		}
		mode := header.Mode & 0o7777
		rows = append(rows, []any{text(header.Name), kind, mode, header.Uid, link, content})
	}
}

func zipMembers(data []byte) (any, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	rows := []any{}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := digest(reader)
		if err != nil {
			return nil, err
		}
		mode := file.Mode()
		kind := mode.Type().String()
		switch mode.Type() {
		case 0:
			kind = "file"
		case fs.ModeDir:
			kind = "folder"
		}
		executable := kind == "file" && mode.Perm()&0o111 != 0
		rows = append(rows, []any{text(file.Name), kind, executable, content})
	}
	return rows, nil
}

func gzipContent(data []byte) (any, error) {
	reader, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return digest(reader)
}

var readers = map[byte]func([]byte) (any, error){
	'T': tarMembers,
	'Z': zipMembers,
	'G': gzipContent,
}

func main() {
	frames, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	for len(frames) > 0 {
		end := 5 + binary.BigEndian.Uint32(frames[1:5])
		read, err := readers[frames[0]](frames[5:end])
		line := answer{OK: read}
		if err != nil {
			line = answer{Error: err.Error()}
		}
		if err := lines.Encode(line); err != nil {
			panic(err)
		}
		frames = frames[end:]
	}
}
