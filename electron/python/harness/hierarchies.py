"""Where this process stands among the control groups, both versions."""
import os


class Hierarchies:
    """`version1`: a folder per controller. `version2`: this process's folder and those above it."""

    def __init__(self):
        self.version1, self.version2 = {}, []
        try:
            own = own_paths()
            with open('/proc/self/mountinfo') as lines:
                for line in lines:
                    self.take_mount(line, own)
        except OSError:
            pass

    def take_mount(self, line, own):
        before, after = line.split(' - ', 1)
        kind, _, options = after.split(' ', 2)
        root, mount = before.split()[3:5]
        if kind == 'cgroup':
            for name in options.strip().split(','):
                if name in own:
                    self.version1[name] = folder_of(mount, root, own[name])
        elif kind == 'cgroup2' and '' in own:
            folder = folder_of(mount, root, own[''])
            while folder.startswith(mount):
                self.version2.append(folder)
                folder = os.path.dirname(folder)


def own_paths():
    """{controller: path}, the controller of version 2 being ''."""
    own = {}
    with open('/proc/self/cgroup') as lines:
        for line in lines:
            _, names, path = line.rstrip('\n').split(':', 2)
            for name in names.split(','):
                own[name] = path
    return own


def folder_of(mount, root, path):
    """A group's folder under its mount point; the mount point itself where the path lies outside (containers)."""
    inside = os.path.relpath(path, root) if root != '/' else path.lstrip('/')
    folder = os.path.normpath(os.path.join(mount, inside))
    return folder if folder.startswith(mount) and os.path.isdir(folder) else mount


def lists(folder, file, controller):
    """Does one of the folder's lists (`cgroup.controllers`, `cgroup.subtree_control`) name the controller?"""
    try:
        with open(os.path.join(folder, file)) as names:
            return controller in names.read().split()
    except OSError:
        return False
