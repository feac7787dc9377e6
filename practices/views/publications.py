"""The programme's reports and its meetings."""

from typing import Any

from django.views.generic import DetailView, ListView

from practices.models.edition import Edition
from practices.models.publication import Event, EventQuerySet, Publication, PublicationQuerySet


class PublicationList(ListView[Publication]):
    template_name = "practices/publication_list.html"
    context_object_name = "publications"

    def get_queryset(self) -> PublicationQuerySet:
        return Publication.objects.with_chapters().in_time_order()


class PublicationDetail(DetailView[Publication]):
    template_name = "practices/publication_detail.html"
    context_object_name = "publication"

    def get_queryset(self) -> PublicationQuerySet:
        return Publication.objects.with_chapters()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the public cases that name the publication as their source, by theme."""
        practices = Edition.objects.public().filter(publication=self.object).with_parts().in_theme_order()
        return super().get_context_data(practices=practices, **context)


class EventList(ListView[Event]):
    template_name = "practices/event_list.html"
    context_object_name = "events"

    def get_queryset(self) -> EventQuerySet:
        return Event.objects.in_time_order()
