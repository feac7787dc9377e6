"""The index of words, and what is suggested while somebody types."""

from typing import Any

from django.core.exceptions import BadRequest
from django.views.generic import TemplateView

from practices import search, word_index
from practices.completing import completions


class WordList(TemplateView):
    template_name = "practices/word_list.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            concepts=word_index.concepts(),
            institutions=word_index.institutions(),
            themes=word_index.themes(),
            **context,
        )


class Completions(TemplateView):
    """A list of options for `js/suggest.js`, which asks with what has been typed so far."""

    template_name = "practices/partials/completions.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """:raises BadRequest: when what was typed can't be searched for."""
        try:
            found = completions(self.request.GET.get("q", ""))
        except search.QueryError as error:
            raise BadRequest(str(error)) from error
        return super().get_context_data(completions=found, **context)
