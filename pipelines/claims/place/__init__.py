"""Where: the countries that a clause names for a deployment."""
