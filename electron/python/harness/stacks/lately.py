"""The pages that the last samples of a thread needed: most likely the next one needs them too, and they are copied in one go."""
from .memory import PAGE, Torn
from .together import Together

# A page that so many samples in a row did without is not copied any more; nor are more than so many.
KEPT_SAMPLES = 16
MOST_PAGES = 48


class Lately:
    __slots__ = ('memory', 'used', 'samples', 'together')

    def __init__(self, memory):
        self.memory = memory
        self.used = {}
        self.samples = 0
        self.together = None

    def fetch(self):
        """Copies the pages, of one instant if the thread stands still: `copied` are those of the last time. Done for nothing shortly before, it takes half as long."""
        if self.together:
            try:
                self.together.fetch()
            except Torn:
                self.used, self.together = {}, None

    def copied(self):
        """{address of a page: its bytes}. Empty where one of them was gone."""
        if self.together is None:
            return {}
        data = self.together.data()
        return {base: data[at * PAGE:(at + 1) * PAGE] for at, (base, _) in enumerate(self.together.places)}

    def note(self, pages):
        """`pages` (addresses) are what a sample needed."""
        self.samples += 1
        same = self.used.keys() >= pages
        for base in pages:
            self.used[base] = self.samples
        if same and self.samples % KEPT_SAMPLES:
            return
        newest = sorted(self.used, key=self.used.get)[-MOST_PAGES:]
        self.used = {base: self.used[base] for base in newest if self.used[base] > self.samples - KEPT_SAMPLES}
        self.together = Together(self.memory, [(base, PAGE) for base in sorted(self.used)])
