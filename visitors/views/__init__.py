"""The doors of this room: parse, one domain call, translate."""
