"""No literal text stands in a template: what an officer reads is said in the officer's language, or is data."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

#: Units and signs that both languages write alike.
ALLOWED = {"s", "h", "GB", "kg", "ppm"}
#: Blocks that fill an attribute of the frame: classes and the density of lines.
ATTRIBUTE_BLOCKS = {"body_class", "density", "main_class"}
#: What these hold is read by machines, or is the name of a key that is printed on it.
SILENT = {"script", "style"}
READ_ALOUD = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "label",
    "placeholder",
    "summary",
    "title",
}
SHOWN_BY_SCRIPTS = re.compile(r"data-(.+-text|one|other|zoom-in|zoom-out|not-sent|confirm)")
_SPOKEN = "\ue000"  # stands for what a variable or a translation puts there
_WORD = re.compile(r"[^\W\d_]+")


def skeleton(source):
    """The template as HTML: variables and translations are one sign, tags of logic are nothing."""
    parts, blocks, passed_over = [], [], None
    for token in Lexer(source).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else []
        name = words[0] if words else ""
        if passed_over:
            if name == passed_over:
                parts.append("" if name == "endcomment" else _SPOKEN)
                passed_over = None
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            passed_over = f"end{name}"
        elif name == "block":
            blocks.append(words[1])
        elif name == "endblock":
            blocks.pop()
        elif token.token_type == TokenType.TEXT and not ATTRIBUTE_BLOCKS & set(blocks):
            parts.append(token.contents)
        elif token.token_type == TokenType.VAR or name in {"translate", "trans", "url", "static"}:
            parts.append(_SPOKEN)
    return "".join(parts)


class Reader(HTMLParser):
    """Collects what somebody would read: texts, and attributes that are shown or read aloud."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self._inside = [], []

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self._inside.append(tag)
        shown = dict(attrs)
        for name, value in attrs:
            is_button = (
                name == "value" and tag == "input" and shown.get("type") in {"submit", "button", "reset"}
            )
            if value and (name in READ_ALOUD or SHOWN_BY_SCRIPTS.fullmatch(name) or is_button):
                self._read(value)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self._read(data)

    def _read(self, text):
        words = {word for word in _WORD.findall(text.replace(_SPOKEN, " ")) if word not in ALLOWED}
        # One letter is the sign of a key or of an axis.
        self.found += sorted(word for word in words if len(word) > 1)


def literal_words(source):
    reader = Reader()
    reader.feed(skeleton(source))
    reader.close()
    return reader.found


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_a_template_says_nothing_that_cannot_be_translated(path):
    assert literal_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nobody translated this</p>",
        '<p title="Nobody translated this"></p>',
        '<input type="submit" value="Send">',
        '<p data-live-text="live"></p>',
        '{% if x %}<b{% if y %} class="z"{% endif %}>Hidden in logic</b>{% endif %}',
        '{% translate "Said" %} and more',
        "<svg><title>Plan</title></svg>",
    ],
)
def test_the_reader_finds_literal_text_wherever_it_stands(source):
    assert literal_words(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Said" %}{% blocktranslate %}Said {{ x }}{% endblocktranslate %}{{ value }} s · 5 %</p>',
        '<p title="{% translate "Said" %}" class="not read">{# a note #}{% comment %}a note{% endcomment %}</p>',
        "<script>const name = 'not read';</script>",
    ],
)
def test_the_reader_leaves_alone_what_is_translated_or_data(source):
    assert literal_words(source) == []
