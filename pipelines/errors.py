"""The two ways in which a command fails by no fault of the program."""


class UserError(Exception):
    """The input, option or configuration is at fault; one clear message per fault, exit 2."""

    exit_code = 2


class ServiceError(Exception):
    """A service cannot be reached; the message names address and remedy, exit 3."""

    exit_code = 3
