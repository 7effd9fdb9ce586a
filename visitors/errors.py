"""Errors that selectors and services share."""

from carloans.core.errors import NotFound


class UnknownVisitor(NotFound):
    code = "unknown_visitor"
    message = "We do not know this visitor."


class UnknownApplication(NotFound):
    code = "unknown_application"
    message = "We do not know this application."


class UnknownConsent(NotFound):
    code = "unknown_consent"
    message = "We do not know this consent."
