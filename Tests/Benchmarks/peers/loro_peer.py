"""Loro: pip install loro; python3 -B Tests/Benchmarks/peers/loro_peer.py [--rows N]"""

from loro import ExportMode, LoroDoc, LoroMap, VersionVector

import rows


class Loro:
    def __init__(self):
        self.document = LoroDoc()
        self.entries = self.document.get_map("entries")

    def insert(self, new):
        before = self.mark()
        for key, columns in new:
            entry = self.entries.insert_container(key, LoroMap())
            for name, value in columns.items():
                entry.insert(name, value)
        return self.since(before)

    def edit(self, edits):
        before = self.mark()
        for key, text in edits:
            self.entries.get(key).container.insert("text3", text)
        return self.since(before)

    def mark(self):
        self.document.commit()
        return self.document.oplog_vv

    def since(self, mark):
        self.document.commit()
        return self.document.export(ExportMode.Updates(mark))

    def everything(self):
        # As updates: a snapshot would be read only when somebody looks at it.
        return self.since(VersionVector())

    def apply(self, update):
        self.document.import_(update)

    def count(self):
        return len(self.entries)


if __name__ == "__main__":
    rows.run("Loro", Loro)
