"""Where sources disagree, and how a deployment went: over the claims of many documents."""
