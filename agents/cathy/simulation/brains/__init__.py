"""One module per agent; each has `plan(turn) -> list[Say | Call]`."""
