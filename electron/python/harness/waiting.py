"""Is a process computing or waiting, and on what: from its state and the kernel function it sleeps in."""

# Parts of /proc/PID/wchan's names. The order matters: a pipe is read with poll, too.
KINDS = (
    ('sleep', ('nanosleep',)), ('lock', ('futex', 'sem_')), ('child', ('do_wait', 'kernel_wait', 'pidfd')),
    ('socket', ('sk_', 'skb', 'tcp_', 'udp_', 'inet_', 'unix_', 'sock')), ('file', ('pipe_', 'io_schedule', 'folio', 'page_', 'ext4', 'nfs', 'vfs_', 'flock', 'wait_on_')),
)


def state_of(stat):
    """A `StackState` for a `proc.Stat`."""
    if stat.state == 'R':
        return 'computing'
    if stat.state == 'D':
        return 'file'
    place = wait_channel(stat.pid)
    return next((kind for kind, parts in KINDS if any(part in place for part in parts)), 'waiting')


def wait_channel(pid):
    try:
        with open('/proc/%d/wchan' % pid) as file:
            return file.read()
    except OSError:
        return ''
