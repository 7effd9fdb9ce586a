"""Reading text as people type it: one plain view of Unicode, and numbers in words."""
