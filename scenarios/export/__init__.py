"""Logs as other programs read them: tables of answers, tasks for a labelling tool, and a trace to look at."""
