"""What people's answers to blind comparisons tell: of the scorers, of the people, and of the texts' source models."""
