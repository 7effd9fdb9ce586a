"""The model that answers when no key is set: understanding, brains and the SDK adapter around them."""
