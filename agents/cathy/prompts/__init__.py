"""How Cathy sounds, as data: versions of wishes about wording that staff write, measure, activate and take back.

`wishes` is what can be wished for, `checking` what is refused, `compiling` how wishes and the house's own rules become
a prompt, `active` which version holds now, `standing` whether one may be activated, `versions` the only writer,
`reading` what pages are shown. The rules and the guardrails are code: no wish reaches them.
"""
