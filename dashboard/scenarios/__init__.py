"""The end-to-end scenarios: synthetic customers who use the running program from outside, over HTTP and the socket."""
