"""From an instruction's offset to its source line: the three formats CPython has used for its line tables."""
from bisect import bisect_right


class Lines:
    """`starts[i]` is the first byte offset at which `lines[i]` holds; offsets ascend. `line_at` never answers None."""
    __slots__ = ('starts', 'lines', 'first')

    def __init__(self, starts, lines, first):
        self.starts, self.lines, self.first = starts, lines, first

    def line_at(self, offset):
        at = bisect_right(self.starts, offset) - 1
        # An instruction of no line (setting up a generator, or line 0: entering a module) belongs to what stands before it.
        while at >= 0:
            if self.lines[at]:
                return self.lines[at]
            at -= 1
        return self.first


def parse_lines(table, first, version):
    """`table` is the code object's line table, `first` its first line, `version` as in `sys.version_info[:2]`."""
    if version >= (3, 11):
        return _location_table(table, first)
    if version >= (3, 10):
        return _line_table(table, first)
    return _line_number_table(table, first)


def _line_number_table(table, first):
    """3.8, 3.9: pairs of (bytes of code, signed lines) to go on by."""
    starts, lines, offset, line = [0], [first], 0, first
    for at in range(0, len(table) - 1, 2):
        step, delta = table[at], table[at + 1]
        offset += step
        line += delta - 256 if delta >= 128 else delta
        if step:
            starts.append(offset)
            lines.append(line)
        else:
            lines[-1] = line
    return Lines(starts, lines, first)


def _line_table(table, first):
    """3.10: pairs of (bytes of code, signed change of line); -128 marks code of no line."""
    starts, lines, offset, line = [], [], 0, first
    for at in range(0, len(table) - 1, 2):
        step, delta = table[at], table[at + 1]
        if delta != 128:
            line += delta - 256 if delta > 128 else delta
        if step:
            starts.append(offset)
            lines.append(None if delta == 128 else line)
        offset += step
    return Lines(starts, lines, first)


def _location_table(table, first):
    """3.11 on: entries of one byte with the kind and the length in code units, then what the kind needs."""
    starts, lines, offset, line, at = [], [], 0, first, 0
    while at < len(table):
        head = table[at]
        at += 1
        kind = head >> 3 & 15
        shown = True
        if kind == 15:
            shown = False
        elif kind >= 13:
            delta, at = _signed(table, at)
            line += delta
            if kind == 14:  # end line, column, end column
                for _ in range(3):
                    at = _skip(table, at)
        elif kind >= 10:
            line += kind - 10
            at += 2
        else:
            at += 1
        starts.append(offset)
        lines.append(line if shown else None)
        offset += ((head & 7) + 1) * 2
    return Lines(starts, lines, first)


def _signed(table, at):
    value, shift = 0, 0
    while True:
        byte = table[at]
        at += 1
        value |= (byte & 63) << shift
        if not byte & 64:
            return (-(value >> 1) if value & 1 else value >> 1), at
        shift += 6


def _skip(table, at):
    while table[at] & 64:
        at += 1
    return at + 1
