"""The conversation between a customer, Cathy and the staff: socket, turns, cards, ownership."""
