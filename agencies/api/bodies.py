"""Reading small JSON bodies strictly: what stock parsing lets through or stumbles over is a clear 4xx here."""

import json
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

#: Acts on records are small; only deliveries are large, and they have a door of their own.
MAX_BYTES = 64 * 1024


class TooLarge(APIException):
    """413: nobody needs so many bytes to say so little."""

    status_code = 413


class SmallJSONParser(JSONParser):
    """JSON in UTF-8, up to 64 kB, without duplicate keys, NaN or bottomless nesting."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The parsed body; ParseError (400) or TooLarge (413) otherwise."""
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge
        try:
            return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise ValueError("a key stands twice")
    return keys


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


class Body(serializers.Serializer[Any]):
    """A body of known keys; an unknown one is refused instead of ignored."""

    default_error_messages = {"unknown": "This key is not known here."}

    def to_internal_value(self, data: Any) -> Any:
        """The values by name; ValidationError for each unknown key and each wrong value."""
        if isinstance(data, dict) and (unknown := [key for key in data if key not in self.fields]):
            wrong = serializers.ErrorDetail(str(self.error_messages["unknown"]), code="unknown")
            raise serializers.ValidationError({key: [wrong] for key in unknown})
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A text; numbers and truth values are not taken for one."""

    default_error_messages = {"invalid": "Not a text."}

    def to_internal_value(self, data: Any) -> str:
        """The text, trimmed."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class MomentField(serializers.DateTimeField):
    """A time with its offset; a naive one is refused, because it means another moment in another zone."""

    default_error_messages = {"naive": "The time needs its offset, as 2009-09-01T04:10:00Z."}

    def enforce_timezone(self, value: Any) -> Any:
        """The time as it is, or ValidationError."""
        if value.tzinfo is None:
            self.fail("naive")
        return value
