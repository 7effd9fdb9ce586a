"""The chat over plain HTTP, for networks that block sockets."""
