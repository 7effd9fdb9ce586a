"""How contact data looks to those who need not read it: enough to recognise, too little to use."""


def mask_email(value: str | None) -> str:
    """`j***@g***.com` for `jane@gmail.com`; empty for none."""
    name, _, domain = (value or "").partition("@")
    if not name or not domain:
        return ""
    host, _, suffix = domain.rpartition(".")
    return f"{name[0]}***@{host[:1]}***.{suffix}"


def mask_phone(value: str | None) -> str:
    """`•••-•••-4567`: the last four digits alone; empty for none."""
    digits = "".join(char for char in value or "" if char.isdecimal())
    return f"•••-•••-{digits[-4:]}" if len(digits) >= 7 else ""


def mask_name(value: str | None) -> str:
    """`J.` for `Jane`; empty for none."""
    return f"{value[0]}." if value else ""
