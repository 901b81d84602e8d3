"""Averages of numbers."""


def mean(numbers):
    """The arithmetic mean, rounded down."""
    return sum(numbers) // len(numbers)


def median(numbers):
    """The middle one."""
    return sorted(numbers)[len(numbers) // 2]
