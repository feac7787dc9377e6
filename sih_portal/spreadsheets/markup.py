"""The XML in a workbook, read as a stream: no document types, no entities, no more of anything than we said."""

from collections.abc import Callable, Iterable
from typing import Final
from xml.parsers import expat

from sih_portal.spreadsheets.archive import damaged, suspicious, too_large

MOST_BYTES: Final = 25 * 1024 * 1024  # of all members together
MOST_ELEMENTS: Final = 500_000  # of all members together; 120,000 cells, each with a text of its own, have 480,000
DEEPEST: Final = 50
MOST_NAMES: Final = 2_000  # of elements and attributes; the parser keeps each for ever
# expat before 2.6 reads a tag again from its beginning with every chunk: without this a long one costs minutes.
LONGEST_TAG: Final = 256 * 1024
ENCODINGS: Final = ("utf-8", "utf-16", "us-ascii")

Attributes = dict[str, str]
_Take = Callable[..., None]


class Reader:
    """What is told of the elements of a document, by their names without prefix; what is not named is passed over."""

    def __init__(self) -> None:
        self.opened: dict[str, Callable[[Attributes], None]] = {}
        self.closed: dict[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """This will take a piece of the text between tags."""


class Budget:
    """What all members of one workbook may cost together."""

    def __init__(self) -> None:
        self.bytes = MOST_BYTES
        self.elements = MOST_ELEMENTS

    def spend(self, chunk: bytes) -> None:
        """:raises Refused: when the budget is used up."""
        self.bytes -= len(chunk)
        if self.bytes < 0:
            raise too_large()

    def spend_element(self) -> None:
        """:raises Refused: when the budget is used up."""
        self.elements -= 1
        if self.elements < 0:
            raise too_large()


def parse(chunks: Iterable[bytes], reader: Reader, budget: Budget) -> None:
    """This will tell the reader what the document holds.

    :raises Refused: when it is no XML, has a document type, or costs too much.
    """
    names: dict[str, str] = {}
    parser = _parser(names)
    parser.StartElementHandler, parser.EndElementHandler = _handlers(reader, budget)
    parser.CharacterDataHandler = reader.text
    fed = 0
    try:
        for chunk in chunks:
            budget.spend(chunk)
            fed += len(chunk)
            parser.Parse(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TAG or len(names) > MOST_NAMES:
                raise suspicious()
        parser.Parse(b"", True)  # noqa: FBT003  (it takes no names)
    except expat.ExpatError as error:
        raise damaged() from error


class _Begun(Exception):
    """The first element is there: nothing about the document itself can follow."""


def check_beginning(chunks: Iterable[bytes]) -> None:
    """:raises Refused: when the document has a document type, which is where entities are made.

    What is no XML passes: it concerns those that read it.
    """
    parser = _parser({})
    parser.StartElementHandler = _begun
    fed = 0
    try:
        for chunk in chunks:
            fed += len(chunk)
            parser.Parse(chunk)
            if fed > LONGEST_TAG:
                raise suspicious()
    except (_Begun, expat.ExpatError):
        return


def _begun(_name: str, _attributes: Attributes) -> None:
    raise _Begun


def _parser(names: dict[str, str]) -> expat.XMLParserType:
    parser = expat.ParserCreate(intern=names)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _refuse_encoding
    return parser


def _refuse_doctype(*_declaration: object) -> None:
    raise suspicious()


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    """Others would be looked up among all that Python knows."""
    if encoding and encoding.lower() not in ENCODINGS:
        raise suspicious()


class _Named(dict[str, _Take | None]):
    """What takes an element, also under a name with a prefix."""

    def __missing__(self, name: str) -> _Take | None:
        take = self[name] = self.get(name.rpartition(":")[2])
        return take


def _handlers(reader: Reader, budget: Budget) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
    depth = 0
    opened, closed = _Named(reader.opened), _Named(reader.closed)

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        budget.spend_element()
        if depth > DEEPEST:
            raise suspicious()
        if take := opened[name]:
            take(attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if take := closed[name]:
            take()

    return start, end
