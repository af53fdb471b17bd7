// What both Go drivers share: the protocol of tests/recorders/judge.py on standard input and output.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

type call struct {
	Method, URL string
	Headers     [][2]string
	Body        *[]byte
}

type job struct {
	Do, Cassette string
	Strict       bool
	Calls        []call
}

type answer struct {
	Status  int         `json:"status"`
	Reason  string      `json:"reason"`
	Headers [][2]string `json:"headers"`
	Body    []byte      `json:"body"`
	Error   string      `json:"error,omitempty"`
}

type result struct {
	Version string   `json:"version,omitempty"`
	Answers []answer `json:"answers"`
	Error   string   `json:"error,omitempty"`
}

// A recorder makes requests, and is stopped when they are made.
type stoppable interface {
	http.RoundTripper
	Stop() error
}

// serve says the version, then answers one job a line.
func serve(version string, open func(job) (stoppable, error)) {
	lines := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.Encode(result{Version: version})
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		out.Encode(done(line, open))
	}
}

func done(line []byte, open func(job) (stoppable, error)) (r result) {
	var j job
	if err := json.Unmarshal(line, &j); err != nil {
		return result{Error: err.Error()}
	}
	r.Answers = []answer{}
	recorder, err := open(j)
	if err != nil {
		return result{Error: err.Error()}
	}
	for _, c := range j.Calls {
		r.Answers = append(r.Answers, replayed(recorder, c))
	}
	if err := recorder.Stop(); err != nil {
		r.Error = err.Error()
	}
	return r
}

func replayed(transport http.RoundTripper, c call) answer {
	var body io.Reader
	if c.Body != nil {
		body = bytes.NewReader(*c.Body)
	}
	request, err := http.NewRequest(c.Method, c.URL, body)
	if err != nil {
		return answer{Error: err.Error()}
	}
	for _, header := range c.Headers {
		request.Header.Add(header[0], header[1])
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return answer{Error: err.Error()}
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{
		Status:  response.StatusCode,
		Reason:  strings.TrimPrefix(response.Status, fmt.Sprint(response.StatusCode, " ")),
		Headers: headersOf(response.Header),
		Body:    content,
	}
}

// headersOf gives what a client finds that asks for each name, whatever its case.
func headersOf(header http.Header) [][2]string {
	pairs := [][2]string{}
	for name := range header {
		for _, value := range header.Values(name) {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return pairs
}
