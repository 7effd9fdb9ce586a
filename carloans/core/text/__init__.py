"""Reading text as people type it: one plain view of Unicode, and numbers in words."""


def words(text: str) -> frozenset[str]:
    """The words of a word list, which is easier to read and to keep as text than as quoted items."""
    return frozenset(text.split())
