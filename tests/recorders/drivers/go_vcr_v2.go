// Records and replays cassettes of go-vcr's format version 2 (go-vcr v3 and v4) without go-vcr.
//
// Debian has no go-vcr of that age, so this reads a cassette strictly into the fields that v4 knows, with the YAML
// package that v3 and v4 use, and compares requests as v4's default matcher is described to: everything that is
// recorded of one, byte by byte. A key that v4 does not know, or a version other than 2, is an error.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"reflect"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

type request struct {
	Proto            string      `yaml:"proto"`
	ProtoMajor       int         `yaml:"proto_major"`
	ProtoMinor       int         `yaml:"proto_minor"`
	ContentLength    int64       `yaml:"content_length"`
	TransferEncoding []string    `yaml:"transfer_encoding"`
	Trailer          http.Header `yaml:"trailer"`
	Host             string      `yaml:"host"`
	RemoteAddr       string      `yaml:"remote_addr"`
	RequestURI       string      `yaml:"request_uri"`
	Body             string      `yaml:"body"`
	Form             url.Values  `yaml:"form"`
	Headers          http.Header `yaml:"headers"`
	URL              string      `yaml:"url"`
	Method           string      `yaml:"method"`
}

type response struct {
	Proto            string        `yaml:"proto"`
	ProtoMajor       int           `yaml:"proto_major"`
	ProtoMinor       int           `yaml:"proto_minor"`
	TransferEncoding []string      `yaml:"transfer_encoding"`
	Trailer          http.Header   `yaml:"trailer"`
	ContentLength    int64         `yaml:"content_length"`
	Uncompressed     bool          `yaml:"uncompressed"`
	Body             string        `yaml:"body"`
	Headers          http.Header   `yaml:"headers"`
	Status           string        `yaml:"status"`
	Code             int           `yaml:"code"`
	Duration         time.Duration `yaml:"duration"`
}

type interaction struct {
	ID       int      `yaml:"id"`
	Request  request  `yaml:"request"`
	Response response `yaml:"response"`
	replayed bool
}

type tape struct {
	Version      int            `yaml:"version"`
	Interactions []*interaction `yaml:"interactions"`
}

type player struct {
	tape
	strict bool
}

type recording struct {
	tape
	file string
}

func main() {
	serve("go-vcr v2 format, read strictly", open)
}

func open(j job) (stoppable, error) {
	if j.Do == "record" {
		return &recording{tape{Version: 2}, j.Cassette}, nil
	}
	data, err := os.ReadFile(j.Cassette)
	if err != nil {
		return nil, err
	}
	p := &player{strict: j.Strict}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&p.tape); err != nil {
		return nil, err
	}
	if p.Version != 2 {
		return nil, fmt.Errorf("unsupported cassette version %d", p.Version)
	}
	for number, i := range p.Interactions {
		if i.ID != number && j.Strict {
			return nil, fmt.Errorf("interaction %d has the id %d", number, i.ID)
		}
	}
	return p, nil
}

func (p *player) Stop() error { return nil }

// RoundTrip answers with the first interaction that matches and was not replayed yet.
func (p *player) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	for _, i := range p.Interactions {
		if i.replayed || !p.matches(r, body, i.Request) {
			continue
		}
		i.replayed = true
		return &http.Response{
			Status:           i.Response.Status,
			StatusCode:       i.Response.Code,
			Proto:            i.Response.Proto,
			ProtoMajor:       i.Response.ProtoMajor,
			ProtoMinor:       i.Response.ProtoMinor,
			TransferEncoding: i.Response.TransferEncoding,
			Trailer:          i.Response.Trailer,
			ContentLength:    i.Response.ContentLength,
			Uncompressed:     i.Response.Uncompressed,
			Header:           i.Response.Headers,
			Body:             io.NopCloser(strings.NewReader(i.Response.Body)),
			Request:          r,
		}, checkedLength(r, i.Response)
	}
	return nil, errors.New("requested interaction not found")
}

// checkedLength refuses a recorded length that a client would wait in vain for; -1 says that it is not known.
func checkedLength(r *http.Request, i response) error {
	// Go sets `uncompressed` and -1 for what it decompressed itself.
	if r.Method == "HEAD" || i.ContentLength < 0 || i.ContentLength == int64(len(i.Body)) {
		return nil
	}
	return fmt.Errorf("content_length %d of a response of %d bytes", i.ContentLength, len(i.Body))
}

func (p *player) matches(r *http.Request, body []byte, i request) bool {
	if r.Method != i.Method || r.URL.String() != i.URL {
		return false
	}
	// v3.0 to v3.2 compare nothing else.
	return !p.strict || matchesAll(r, body, i)
}

func matchesAll(r *http.Request, body []byte, i request) bool {
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	if err := copied.ParseForm(); err != nil {
		return false
	}
	return r.Proto == i.Proto && r.ProtoMajor == i.ProtoMajor && r.ProtoMinor == i.ProtoMinor &&
		same(r.Header, i.Headers) &&
		string(body) == i.Body &&
		r.ContentLength == i.ContentLength &&
		same(r.TransferEncoding, i.TransferEncoding) &&
		r.Host == i.Host &&
		same(copied.Form, i.Form) &&
		same(r.Trailer, i.Trailer) &&
		r.RemoteAddr == i.RemoteAddr &&
		r.RequestURI == i.RequestURI
}

// same compares two maps or two slices; nil is as good as empty.
func same(a, b any) bool {
	return reflect.ValueOf(a).Len()+reflect.ValueOf(b).Len() == 0 || reflect.DeepEqual(a, b)
}

// bodyOf reads a request's body and puts it back.
func bodyOf(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// RoundTrip makes a real request and notes it as v4 does: the form is that of the request as the server sees it.
func (c *recording) RoundTrip(r *http.Request) (*http.Response, error) {
	dumped, err := httputil.DumpRequestOut(r, true)
	if err != nil {
		return nil, err
	}
	seen, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(dumped)))
	if err != nil {
		return nil, err
	}
	if err := seen.ParseForm(); err != nil {
		return nil, err
	}
	sent, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	noted := request{
		Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor,
		ContentLength: r.ContentLength, TransferEncoding: r.TransferEncoding, Trailer: r.Trailer,
		Host: r.Host, RemoteAddr: r.RemoteAddr, RequestURI: r.RequestURI,
		Body: string(sent), Form: seen.Form, Headers: r.Header, URL: r.URL.String(), Method: r.Method,
	}
	start := time.Now()
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	got.Body = io.NopCloser(bytes.NewReader(body))
	c.Interactions = append(c.Interactions, &interaction{
		ID:      len(c.Interactions),
		Request: noted,
		Response: response{
			Proto: got.Proto, ProtoMajor: got.ProtoMajor, ProtoMinor: got.ProtoMinor,
			TransferEncoding: got.TransferEncoding, Trailer: got.Trailer, ContentLength: got.ContentLength,
			Uncompressed: got.Uncompressed, Body: string(body), Headers: got.Header,
			Status: got.Status, Code: got.StatusCode, Duration: time.Since(start),
		},
	})
	return got, nil
}

func (c *recording) Stop() error {
	data, err := yaml.Marshal(&c.tape)
	if err != nil {
		return err
	}
	return os.WriteFile(c.file, append([]byte("---\n"), data...), 0o644)
}
