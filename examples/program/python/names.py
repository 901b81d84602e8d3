"""Names of people."""


def initials(name):
    """The first letters of its words, in capitals."""
    return "".join(word[0].upper() for word in name.split())
