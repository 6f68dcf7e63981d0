"""Frames and stacks by number: a sample is then four small numbers, and each batch carries only what is new."""

# Beyond this the tables would cost more than they tell: a script that makes new code without end.
MOST_FRAMES = 50_000
MOST_STACKS = 50_000
OVERFLOW = ('', '(more different stacks than are kept)', 0)
LEFT_OUT = ('', '(frames of a deep recursion are left out)', 0)


class Tables:
    def __init__(self):
        self.frames = []
        self.stacks = []
        self.frame_numbers = {}
        self.stack_numbers = {}
        self.sent_frames = 0
        self.sent_stacks = 0

    def frame(self, file, function, line):
        key = file, function, line
        number = self.frame_numbers.get(key)
        if number is None:
            if len(self.frames) >= MOST_FRAMES and key != OVERFLOW:
                return self.frame(*OVERFLOW)
            number = self.frame_numbers[key] = len(self.frames)
            self.frames.append(key)
        return number

    def stack(self, numbers):
        """The number of a stack, given as frame numbers, innermost first."""
        number = self.stack_numbers.get(numbers)
        if number is None:
            if len(self.stacks) >= MOST_STACKS and len(numbers) != 1:
                return self.stack((self.frame(*OVERFLOW),))
            number = self.stack_numbers[numbers] = len(self.stacks)
            self.stacks.append(numbers)
        return number

    def frames_of(self, stack):
        """A stack written out: [file, function, line] of each frame."""
        return [list(self.frames[number]) for number in self.stacks[stack]]

    def take_new(self):
        """What has been added since the last call, as a batch carries it; None if nothing."""
        if self.sent_frames == len(self.frames) and self.sent_stacks == len(self.stacks):
            return None
        new = {'firstFrame': self.sent_frames, 'frames': self.frames[self.sent_frames:], 'firstStack': self.sent_stacks, 'stacks': self.stacks[self.sent_stacks:]}
        self.sent_frames, self.sent_stacks = len(self.frames), len(self.stacks)
        return new
