"""Small cassettes written for the tests."""

from __future__ import annotations

GO_VCR_V2 = """---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 7
        host: api.example.com
        body: '{"a":1}'
        headers:
            Accept:
                - application/json
            Content-Length:
                - "7"
            Content-Type:
                - application/json
        url: https://api.example.com/v1/chat/completions
        method: POST
      response:
        proto: HTTP/2.0
        proto_major: 2
        proto_minor: 0
        content_length: -1
        body: |+
            data: {"id":"x","choices":[{"index":0,"delta":{"content":"Ol"}}]}

            data: [DONE]

        headers:
            Content-Type:
                - text/event-stream
            Set-Cookie:
                - a=1
                - b=2
        status: 200 OK
        code: 200
        duration: 1.5s
    - id: 1
      request:
        content_length: 0
        body: ""
        headers: {}
        url: https://api.example.com/v1/models
        method: GET
      response:
        content_length: 3
        body: abc
        headers:
            X-One:
                - "1"
        status: 404 Not Found
        code: 404
        duration: 250ms
"""
