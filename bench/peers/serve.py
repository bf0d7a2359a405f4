"""How a peer talks with the bench: it gets ready once, then measures whenever a line comes in.

Answers are lines that begin with @@, so that whatever a library prints is not taken for one.
"""
import json
import sys


def say(value):
    sys.stdout.write('@@' + json.dumps(value) + '\n')
    sys.stdout.flush()


def serve(prepare):
    """prepare(spec) gives a function without arguments that measures once and returns a dict of numbers."""
    measure = prepare(json.loads(sys.argv[1]))
    say({'ready': True})
    for _ in sys.stdin:
        say(measure())
