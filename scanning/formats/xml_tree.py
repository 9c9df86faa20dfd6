"""Reading a device's XML without trusting it: no document type, no entities, bounded depth and size.

Names are kept without their prefix. The parser does not resolve namespaces on purpose: real devices write
prefixes that they never bound (InterSpec's DHS:), and three namespaces for one document (Hikvision).
"""

from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from scanning.choices import ProblemCode
from scanning.formats.undecodable import Undecodable

DEPTH = 64
ELEMENTS = 300_000


class Node:
    """One element: its local name, its attributes by local name, its children, and its own text."""

    __slots__ = ("attributes", "children", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        """The element's own text, without that of its children, stripped."""
        return "".join(self.texts).strip()

    def all(self, name: str) -> Iterator["Node"]:
        """Yield the children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Node | None":
        """Return the first element under that path of names, or None."""
        node: Node | None = self
        for name in path:
            node = next(node.all(name), None) if node is not None else None
        return node

    def text_of(self, *path: str) -> str:
        """Return the text of the first element under that path, or ""."""
        node = self.first(*path)
        return "" if node is None else node.text

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it, in document order, without recursion."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


class _Builder:
    """Collects the events of the parser into nodes, and stops at the first forbidden thing."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEPTH:
            raise Undecodable(ProblemCode.TOO_DEEP, f"elements nested deeper than {DEPTH}")
        if self._count > ELEMENTS:
            raise Undecodable(ProblemCode.TOO_LARGE, f"more than {ELEMENTS} elements")
        node = Node(_local(tag), {_local(name): value for name, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open:
            self._open[-1].texts.append(data)

    def forbidden(self, *_: object) -> NoReturn:
        """Refuse what the parser is about to tell."""
        raise Undecodable(ProblemCode.XML_FORBIDDEN, "a document type or an entity")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def tree_of(body: bytes) -> Node:
    """Return the root element of an XML document; raise Undecodable for anything that is not plain XML."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.forbidden
    parser.EntityDeclHandler = builder.forbidden
    parser.ExternalEntityRefHandler = builder.forbidden
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Undecodable(ProblemCode.MALFORMED_XML, str(error)) from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist, or is not one of bytes
        raise Undecodable(ProblemCode.MALFORMED_XML, "an encoding that cannot be read") from error
    if builder.root is None:
        raise Undecodable(ProblemCode.MALFORMED_XML, "no element")
    return builder.root
