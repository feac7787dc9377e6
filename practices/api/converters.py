"""Public ids of parts in addresses: the slug of the case, a colon, the kind and a number every database can hold."""

from django.urls import register_converter


class PartConverter:
    """To Python: slug and number."""

    kind: str
    regex: str

    def to_python(self, value: str) -> tuple[str, int]:
        slug, _colon, anchor = value.partition(":")
        return slug, int(anchor.partition("-")[2])

    def to_url(self, value: tuple[str, int]) -> str:
        slug, number = value
        return f"{slug}:{self.kind}-{number}"


class ActionConverter(PartConverter):
    kind = "action"
    regex = "[-a-zA-Z0-9_]+:action-[1-9][0-9]{0,3}"


class EffectConverter(PartConverter):
    kind = "effect"
    regex = "[-a-zA-Z0-9_]+:effect-[1-9][0-9]{0,3}"


register_converter(ActionConverter, "public_action")
register_converter(EffectConverter, "public_effect")
