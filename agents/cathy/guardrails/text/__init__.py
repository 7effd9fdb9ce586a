"""Reading disguised text: one normaliser that every rule shares."""

from .normalise import normalise
from .sentences import split_sentences

__all__ = ["normalise", "split_sentences"]
