from .concept import Concept, ConceptLabel
from .desk import Action, Attachment, Effect, GoodPractice, Link, PracticeStatus, SavedFilter, TextPair, Transition
from .edition import Edition, EditionAction, EditionAttachment, EditionEffect, EditionLink
from .fruitless import FruitlessQuery
from .publication import Chapter, Event, Publication
from .theme import ProgrammeAction, Recommendation, Theme
from .vocabulary import VocabularyWord

__all__ = [
    "Action",
    "Attachment",
    "Chapter",
    "Concept",
    "ConceptLabel",
    "Edition",
    "EditionAction",
    "EditionAttachment",
    "EditionEffect",
    "EditionLink",
    "Effect",
    "Event",
    "FruitlessQuery",
    "GoodPractice",
    "Link",
    "PracticeStatus",
    "ProgrammeAction",
    "Publication",
    "Recommendation",
    "SavedFilter",
    "TextPair",
    "Theme",
    "Transition",
    "VocabularyWord",
]
