"""A cassette that is open: its pieces, its format, and the interactions they mean.

Opening finds the entries and the format and parses nothing else; an entry is parsed when somebody asks for its
interaction. Where one turns out not to parse alone, the whole file is walked (`walk.py`) and the row replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.formats.base import Entry, Format, Group
from viewer.cassette.formats.detect import detect, lay_out
from viewer.cassette.layout import Layout, Syntax, link_depths
from viewer.cassette.model import (
    CassetteError,
    EditError,
    Interaction,
    Kind,
    ParseError,
    ReadError,
    TooLargeError,
)
from viewer.cassette.node import Alias, AnyNode, nodes
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Exchange, Patch, PieceKind, Pieces, decode
from viewer.cassette.shared_parse import WORTH_SHARING, parse_shared
from viewer.cassette.source import Source, read_source
from viewer.cassette.tree import ensure_readable, parse_entry

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.spelling import Writer
    from viewer.cassette.yaml_text import Resolve

Progress = Callable[[float], None]

_KEPT_GROUPS = 64
# Trees of larger entries are not kept beside others: sixty of them would take gigabytes.
_KEPT_BYTES = 1 << 20
# Entries with anchors that others refer to, of which the anchors are known at a time.
_MOST_ANCHORED = 64
# An entry may refer to the one before it, and so on: an alias to one behind which more of them stand is not followed.
_DEEPEST_LINK = 32
_SAMPLE = 1 << 18
# What an alias looks like, and much else; most entries hold neither, and their trees need not be searched.
# The star stands first, so that the search can jump to the next one.
_MAYBE_ALIAS = regex(r"\*(?<=[\s\[{,]\*)[^\s,\[\]{}]")
# How much of opening is reading the file, as progress goes.
_READING = 0.25


class Cassette:
    """An open cassette. Positions count interactions from 0 in the order of the file.

    Not thread-safe: who works in the background has a `reader`, or a `snapshot`.
    """

    def __init__(self, source: Source, layout: Layout, format_: Format, path: Path | None = None) -> None:
        self.source = source
        self.layout = layout
        self.format = format_
        self.path = path
        self._groups: dict[int, Group] = {}
        self._anchors: dict[int, dict[str, AnyNode]] = {}
        self._depths: tuple[object, dict[int, int]] | None = None
        self._writer: Writer | None = None
        self._verified = 0

    @classmethod
    def open(
        cls, path: Path, *, format_: Format | None = None, progress: Progress = lambda fraction: None
    ) -> Cassette:
        """Opens the file at `path`, as `format_` or as the format that its contents show.

        `progress` is told the fraction done, and may raise to stop. Raises ReadError, ParseError or UnknownFormatError.
        """
        try:
            source = read_source(path, lambda fraction: progress(fraction * _READING))
            rest = 1 - _READING
            return cls.of(
                source, path, format_=format_, progress=lambda fraction: progress(_READING + fraction * rest)
            )
        except CassetteError as err:
            err.path = err.path or path
            raise

    @classmethod
    def of(
        cls,
        source: Source,
        path: Path | None = None,
        *,
        format_: Format | None = None,
        progress: Progress = lambda fraction: None,
    ) -> Cassette:
        """The cassette that a source holds; raises as `open` does."""
        if not source.data or source.data.isspace():
            raise ReadError(
                "The file is empty.", path=path, remedy="Record it again, or restore it from version control."
            )
        if format_ is not None:
            return cls(source, lay_out(source.data, progress), format_, path)
        layout, format_ = detect(source.data, progress)
        return cls(source, layout, format_, path)

    def excerpt(self, position: int) -> Cassette:
        """A cassette that holds this interaction alone, for looking at; raises IndexError beyond the end."""
        if not 0 <= position < len(self):
            raise IndexError(position)
        pieces = self.pieces.only(self._piece_indexes(position))
        # Exact, lest an entry that does not parse has the whole file walked, which would bring the others back.
        layout = msgspec.structs.replace(self.layout, pieces=pieces, exact=True, links={})
        return Cassette(self.source, layout, self.format, self.path)

    @property
    def pieces(self) -> Pieces:
        """The row of pieces."""
        return self.layout.pieces

    def __len__(self) -> int:
        return len(self.pieces.entries())

    def interaction(self, position: int) -> Interaction:
        """The interaction at `position`.

        Raises ParseError, with the line in the file, where its entry is malformed; IndexError beyond the end.
        """
        return self.format.read(self.group(position), position)

    def group(self, position: int) -> Group:
        """The entries of one interaction with their trees; raises as `interaction` does."""
        if position not in self._groups:
            self._keep(position, self._parse_group(position))
        return self._groups[position]

    def misfit(self, position: int) -> ParseError | None:
        """What keeps an interaction's entry from parsing alone; the file is not walked to find out more."""
        try:
            if position not in self._groups:
                self._keep(position, self._parsed(position))
        except ParseError as err:
            return self._placed(err, position)
        return None

    def entry_text(self, position: int) -> str:
        """The interaction's own text in the file; its two entries one after the other where it has two."""
        return self.text_reader(position)()

    def text_reader(self, position: int) -> Callable[[], str]:
        """What gives the interaction's own text as it is now, in any thread."""
        readers = [self.pieces.reader(piece) for piece in self._piece_indexes(position)]
        return lambda: "".join([decode(read()) for read in readers])

    def size(self, position: int) -> int:
        """The bytes that the interaction takes in the file."""
        return sum(self.pieces.size(piece) for piece in self._piece_indexes(position))

    def line_of(self, position: int) -> int:
        """The line of the file, from 1, on which the interaction's entry begins."""
        return 1 + self.pieces.newlines_before(self._piece_indexes(position)[0])

    def verify(self, count: int) -> None:
        """Makes sure that the first `count` entries are entries, before an edit counts on their positions.

        Raises ParseError where the file is malformed there.
        """
        position = self._verified
        # The file may be split anew on the way, into fewer entries.
        while position < min(count, len(self)):
            layout = self.layout
            try:
                self.group(position)
            except ParseError:
                if self.layout is layout:
                    raise
                continue
            position += 1
        self._verified = max(self._verified, position)

    def walk(self, progress: Progress = lambda fraction: None) -> None:
        """Finds the entries again from the whole file's events, for what the fast way cannot tell.

        Raises ParseError where the file is malformed.
        """
        # Most files never need it.
        from viewer.cassette.walk import walk_yaml

        self.layout = walk_yaml(self.pieces.whole(), progress)
        self._forget()

    def adopt(self, layout: Layout) -> None:
        """Takes the layout that a walk elsewhere (another thread) found in the file as it stands now."""
        self.layout = layout
        self._forget()

    def reader(self, position: int) -> Callable[[], Interaction]:
        """What reads the interaction from its text as it is now, in any thread; raises as `group_reader` does."""
        read, format_ = self.group_reader(position), self.format
        return lambda: format_.read(read(), position)

    def group_reader(self, position: int) -> Callable[[], Group]:
        """What parses the interaction's entries as they are now, in any thread, without walking the file.

        It raises ParseError, with the line in the entry, where the entry does not parse alone.
        """
        if self.layout.links:
            group = self.group(position)
            return lambda: group
        readers = [(piece, self.pieces.reader(piece)) for piece in self._piece_indexes(position)]
        layout = self.layout
        return lambda: tuple([_entry(piece, read(), layout) for piece, read in readers])

    def snapshot(self) -> Cassette:
        """A cassette of its own that is what this one is now, for another thread; the file's bytes are shared."""
        layout = msgspec.structs.replace(self.layout, pieces=self.pieces.copy())
        copied = Cassette(self.source, layout, self.format, self.path)
        copied._writer, copied._verified = self._writer, self._verified
        return copied

    def editors(self, position: int) -> tuple[EntryEditor, ...]:
        """An editor for each entry of the interaction."""
        # Imported with the first edit; opening and reading go without.
        from viewer.cassette.entry_editor import EntryEditor

        return tuple(EntryEditor(entry.text, entry.root, self.writer) for entry in self.group(position))

    @property
    def writer(self) -> Writer:
        """How this file's recorder spells scalars, measured from the file."""
        if self._writer is None:
            # Only an edit spells anything, and opening need not wait for the writers.
            from viewer.cassette.spelling.detect import choose_json_writer, choose_yaml_writer

            choose = choose_json_writer if self.layout.syntax is Syntax.JSON else choose_yaml_writer
            self._writer = choose(self.format.name, decode(self.source.data[:_SAMPLE]))
        return self._writer

    def apply(self, exchange: Exchange) -> None:
        """Carries out an exchange; raises ValueError, with nothing changed, where it does not fit."""
        # Entries in front of the first that changes stay what they were found to be.
        first = min((s.piece if isinstance(s, Patch) else s.at for s in exchange.steps), default=0)
        verified = min(self._verified, bisect_left(self.pieces.entries(), first))
        self.pieces.apply(exchange)
        self._forget()
        self._verified = verified

    def take_over(self, changed: Cassette) -> None:
        """Becomes what a snapshot of it is by now, which nobody else has any more: the change was made there."""
        self.pieces.take_over(changed.pieces)
        self._forget()
        self._verified = changed._verified

    def chunks(self) -> Iterator[bytes | memoryview]:
        """The bytes of the file as it stands now, wrapped as it was found."""
        if self.source.is_plain():
            if self.source.bom:
                yield self.source.bom
            yield from self.pieces.chunks()
        else:
            yield self.source.wrap(self.pieces.whole())

    def to_bytes(self) -> bytes:
        """`chunks` as one."""
        return b"".join(self.chunks())

    def _forget(self) -> None:
        self._groups.clear()
        self._anchors.clear()
        self._verified = 0

    def _piece_indexes(self, position: int) -> tuple[int, ...]:
        entries = self.pieces.entries()
        seconds = self.pieces.entries(PieceKind.SECOND)
        if not seconds:
            return (entries[position],)
        if position < len(seconds):
            return (entries[position], seconds[position])
        return (entries[position],)

    def _keep(self, position: int, group: Group) -> None:
        if self.size(position) > _KEPT_BYTES:
            self._groups.clear()
        elif len(self._groups) >= _KEPT_GROUPS:
            self._groups.pop(next(iter(self._groups)))
        self._groups[position] = group

    def _parse_group(self, position: int) -> Group:
        if not 0 <= position < len(self):
            raise IndexError(position)
        if len(self._anchors) + _DEEPEST_LINK > _MOST_ANCHORED:
            self._anchors.clear()
        try:
            return self._parsed(position)
        except ParseError as err:
            if self.layout.exact or self.layout.syntax is not Syntax.YAML or isinstance(err, TooLargeError):
                raise self._placed(err, position) from err
        # The fast split was wrong here, or the file is malformed: the whole file's events can tell.
        self.walk()
        if position >= len(self):
            raise ParseError(
                f"{self.format.name} cassette: the file has no more than {len(self)} interactions; "
                "what seemed to be one more is part of another",
                path=self.path,
            )
        return self._parse_group(position)

    def _parsed(self, position: int) -> Group:
        resolve = partial(self._anchored, position)
        return tuple(
            _entry(piece, self.pieces.data(piece), self.layout, resolve)
            for piece in self._piece_indexes(position)
        )

    def _anchored(self, position: int, name: str) -> AnyNode | None:
        """What an anchor in an earlier entry holds."""
        links = self.layout.links
        definer = links.get((position, name))
        if definer is None or not 0 <= definer < position:
            return None
        if self._depths is None or self._depths[0] is not links:
            self._depths = links, link_depths(links, _DEEPEST_LINK)
        if self._depths[1].get(definer, 0) >= _DEEPEST_LINK:
            return None
        return self._anchors_in(definer).get(name)

    def _anchors_in(self, position: int) -> dict[str, AnyNode]:
        """What each anchor of an entry holds; of a number of entries at once."""
        if position not in self._anchors:
            if len(self._anchors) >= _MOST_ANCHORED:
                return {}
            found = self._anchors[position] = {}
            for entry in self._groups.get(position) or self._parsed(position):
                for node in nodes(entry.root):
                    if not isinstance(node, Alias) and node.anchor:
                        known = found.get(node.anchor)
                        if known is None or known.start < node.start:
                            found[node.anchor] = node
        return self._anchors[position]

    def _placed(self, err: ParseError, position: int) -> ParseError:
        line = self.line_of(position) + (err.line or 1) - 1
        return ParseError(
            f"{self.format.name} cassette, interaction {position}: {err.message}",
            path=self.path,
            line=line,
            column=err.column,
            remedy=err.remedy or "Mend the entry in its YAML tab or in a text editor.",
        )


def read_interaction(cassette: Cassette, position: int) -> Interaction:
    """The interaction at `position`; one that is malformed comes as a note instead of an error."""
    try:
        return cassette.interaction(position)
    except ParseError as err:
        return Interaction(position, Kind.OTHER, None, None, note=str(err))


def _entry(piece: int, data: bytes, layout: Layout, resolve: Resolve | None = None) -> Entry:
    ensure_readable(len(data))
    if len(data) >= WORTH_SHARING and not layout.links:
        text, root = parse_shared(data, layout)
    else:
        text = decode(data)
        root = parse_entry(text, layout, resolve)
    if not layout.exact and _MAYBE_ALIAS.search(text) and _has_lost_alias(root):
        raise ParseError("an alias points to another entry")
    return Entry(piece, text, root)


def _has_lost_alias(root: AnyNode) -> bool:
    return any(isinstance(node, Alias) and node.target is None for node in nodes(root))


def ensure_editable(cassette: Cassette, position: int) -> None:
    """Raises EditError where an edit of this interaction could change another one, or is not supported."""
    if cassette.format.read_only:
        raise EditError(cassette.format.read_only)
    find_links(cassette, (position,))
    if any(definer == position for definer in cassette.layout.links.values()):
        raise EditError(
            "another interaction refers to an anchor in this one, so it is read-only",
            remedy="Edit the file as text.",
        )


def find_links(cassette: Cassette, positions: Iterable[int]) -> None:
    """Sees to it that the layout knows who refers to an anchor in these interactions.

    Only the whole file's events tell, so that it is walked where one of them has an anchor.
    """
    if not cassette.layout.exact and any(_has_anchor(cassette.group(position)) for position in positions):
        cassette.walk()


def _has_anchor(group: Group) -> bool:
    return any(
        not isinstance(node, Alias) and node.anchor
        for entry in group
        if "&" in entry.text
        for node in nodes(entry.root)
    )
