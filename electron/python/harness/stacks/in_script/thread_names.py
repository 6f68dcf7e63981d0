"""What the script calls its threads, told once for each as it begins: from outside they are numbers."""
import sys


class Names:
    def __init__(self, report):
        self.report = report
        self.watched = False

    def watch(self, name):
        """Once `threading` is loaded (`name` is what was), each thread tells its name when it learns its number."""
        module = sys.modules.get('threading') if name == 'threading' and not self.watched else None
        thread_class = getattr(module, 'Thread', None)
        original = getattr(thread_class, '_set_native_id', None)
        if original is None:
            return
        self.watched = True
        report = self.report

        def _set_native_id(thread):
            original(thread)
            report.send_if_free('thread', thread=thread._native_id, name=str(thread._name)[:100])
        thread_class._set_native_id = _set_native_id
