"""How a recorder's own writer spells a scalar: one file a writer family.

`choose_writer` measures a file's writer; its `spell` gives the text of a value at a place.
"""

from viewer.cassette.spelling.base import PLAIN_TAGS, Place, Writer, is_block
from viewer.cassette.spelling.detect import choose_json_writer, choose_writer

__all__ = ["PLAIN_TAGS", "Place", "Writer", "choose_json_writer", "choose_writer", "is_block"]
