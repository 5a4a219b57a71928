"""The lessons there are: labels, votes, soft labels, and labels that the learner corrects."""
