"""How a recorder's own writer spells a scalar: one file a writer family.

`detect.choose_writer` measures a file's writer; its `spell` gives the text of a value at a place. It is left out
here, as it imports every family, which opening a cassette need not wait for.
"""

from viewer.cassette.spelling.base import PLAIN_TAGS, Place, Writer, is_block

__all__ = ["PLAIN_TAGS", "Place", "Writer", "is_block"]
