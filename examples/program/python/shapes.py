"""Shapes of the plane: its module body is run by the program."""


class Rectangle(object):
    """What has a width and a height."""

    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        """How much of the plane it covers."""
        return self.width * self.height
