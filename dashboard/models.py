"""The operations room owns no tables: it reads selectors and acts through services."""
