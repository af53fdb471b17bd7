"""What the bytes say: events of a stream, the transcript of an answer, the conversation of a request."""

from viewer.stream.reading import Reading, read

__all__ = ["Reading", "read"]
