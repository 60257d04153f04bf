"""The evaluation: the judging set through the trained assistant and through triage alone, and how well they did."""
