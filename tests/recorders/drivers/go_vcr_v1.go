// Records and replays with go-vcr v1, whose cassettes are of format version 1; net/http makes the calls.
package main

import (
	"bytes"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/dnaeon/go-vcr/cassette"
	"github.com/dnaeon/go-vcr/recorder"
)

func main() {
	serve("go-vcr v1", open)
}

func open(j job) (stoppable, error) {
	mode := recorder.ModeReplaying
	if j.Do == "record" {
		mode = recorder.ModeRecording
	}
	r, err := recorder.NewAsMode(strings.TrimSuffix(j.Cassette, ".yaml"), mode, nil)
	if err == nil && j.Strict {
		r.SetMatcher(strictMatcher)
	}
	return r, err
}

// strictMatcher compares body and headers too, in the way that go-vcr's README shows.
func strictMatcher(r *http.Request, i cassette.Request) bool {
	var body bytes.Buffer
	if r.Body != nil {
		body.ReadFrom(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body.Bytes()))
	}
	same := reflect.DeepEqual(r.Header, i.Headers) || len(r.Header)+len(i.Headers) == 0
	return cassette.DefaultMatcher(r, i) && body.String() == i.Body && same
}
