"""What the process that others are forked from imports first: Ctrl-C, which goes to a whole group, ends it without a word.

Python's own handler would tell where it was interrupted, in the middle of its other imports; a process that was deaf to Ctrl-C
would go on importing when everything else is over.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
