"""pycrdt (Yrs): pip install pycrdt; python3 -B Tests/Benchmarks/peers/pycrdt_peer.py [--rows N]"""

from pycrdt import Doc, Map

import rows


class Pycrdt:
    def __init__(self):
        self.document = Doc()
        self.entries = self.document.get("entries", type=Map)

    def insert(self, new):
        before = self.mark()
        with self.document.transaction():
            for key, columns in new:
                self.entries[key] = Map(columns)
        return self.since(before)

    def edit(self, edits):
        before = self.mark()
        with self.document.transaction():
            for key, text in edits:
                self.entries[key]["text3"] = text
        return self.since(before)

    def mark(self):
        return self.document.get_state()

    def since(self, mark):
        return self.document.get_update(mark)

    def everything(self):
        return self.document.get_update()

    def apply(self, update):
        self.document.apply_update(update)

    def count(self):
        return len(self.entries)


if __name__ == "__main__":
    rows.run("pycrdt", Pycrdt)
