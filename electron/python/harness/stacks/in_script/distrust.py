"""What the self-test had against reading this interpreter from outside, kept beside the byte code: a cold start has to choose its sampler before
there is time for a test. Forgotten once a test says otherwise, and after a day.
"""
import os
import sys
import time

LONGEST_S = 86_400
# Only in the user's cache: set while this package is being loaded, if there is one.
FOLDER = os.path.dirname(__spec__.cached) if sys.pycache_prefix and __spec__.cached else None


def remembered():
    """The reason, in words; None if there is none, or if it was another interpreter's."""
    try:
        with open(place(), encoding='utf-8') as file:
            if time.time() - os.fstat(file.fileno()).st_mtime > LONGEST_S:
                return None
            whose, _, reason = file.read().partition('\n')
        return reason if reason and whose == interpreter() else None
    except (OSError, ValueError, TypeError):
        return None


def remember(reason):
    """`reason` None: nothing is to be said against it."""
    try:
        if reason is None:
            os.unlink(place())
        else:
            draft = '%s.%d' % (place(), os.getpid())
            with open(draft, 'w', encoding='utf-8') as file:
                file.write('%s\n%s' % (interpreter(), reason))
            os.replace(draft, place())
    except (OSError, TypeError):
        pass  # a cache that cannot be written, or none


def place():
    """Raises TypeError where there is no folder for it."""
    return os.path.join(FOLDER, 'distrust.%s' % sys.implementation.cache_tag)


def interpreter():
    """Tells one interpreter from another, and from itself after an update; and one user from another, who may have other rights."""
    found = os.stat(sys.executable)
    return '%s %d %d %d %x' % (sys.executable, found.st_mtime_ns, found.st_size, os.geteuid(), sys.hexversion)
