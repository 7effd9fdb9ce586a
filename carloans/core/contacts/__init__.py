"""Contact data as people type or say it, checked and put into its one normal form."""

from carloans.core.contacts.emails import EmailCheck, check_email
from carloans.core.contacts.phones import PhoneCheck, check_phone

__all__ = ["EmailCheck", "PhoneCheck", "check_email", "check_phone"]
