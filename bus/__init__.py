"""The medium agents live in: time, chance, messages, memory. It knows nothing of learning."""
