"""The domain of Vigie: subjects, articles, mentions, claims, stories and alerts, as Beam steps."""
