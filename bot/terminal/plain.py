def one_line(text: str) -> str:
    """A name as it can be printed: what would break the line, or steer a terminal, is escaped."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
