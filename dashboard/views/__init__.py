"""The operations room's pages. Each view asks the rooms' selectors and renders; all of them need a staff sign-in.

`?part=…` renders one section alone: that is what a page fetches when its socket says that something happened.
"""
