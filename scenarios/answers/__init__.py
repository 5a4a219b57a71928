"""Answers from outside: real annotation files, read into one table, retold as an event log, or given by recorded people."""
