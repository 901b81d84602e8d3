"""Lines of a table."""


def row(label, value, width=12):
    """A label and what it is for, in two columns."""
    return "%-*s %s" % (width, label, value)
