"""Times of day."""


def format_seconds(seconds):
    """3725 is 1:02:05."""
    minutes, seconds = divmod(seconds, 60)
    return "%d:%02d:%02d" % (minutes // 60, minutes % 60, seconds)
