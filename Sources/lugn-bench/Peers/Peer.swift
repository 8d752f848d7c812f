import Merge

/// Another engine on the same rows: it captures what is written, hands it out, and takes it in elsewhere.
///
/// It works on the same table as plain SQLite, with the same journal, durability and cache.
protocol Peer: AnyObject {
    /// What travels.
    associatedtype Changes
    static var name: String { get }

    /// - Parameter library: the file of its loadable extension; nil for one that needs none.
    init(_ path: String, library: String?) throws
    var entries: PlainEntries { get }

    /// Runs one transaction whose changes are captured, durably, with it.
    func capture(_ body: () throws -> Void) throws
    /// How far has been captured.
    var position: Int64 { get throws }
    /// What was captured after a position, from records that were written `perTransaction` at a time, in this order.
    func changes(after position: Int64, perTransaction: Int) throws -> Changes
    /// Takes the changes of some of the records in, in one transaction.
    func apply(_ changes: Changes, of records: Range<Int>) throws
    /// Before the file is closed.
    func finish() throws
}

extension Peer {
    /// As ``PlainEntries/fill(_:key:)``.
    func fill(_ parts: [Range<Int>], key: (Int) -> RecordID) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let rows = part.map { PlainEntries.Row(key($0), Entry($0)) }
            try watch.time { try capture { for row in rows { try entries.insert(row) } } }
        }
        return watch
    }

    /// As ``PlainEntries/edit(_:_:round:)``.
    func edit(_ ids: [RecordID], _ parts: [Range<Int>], round: Int = 0) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts {
            let edits = part.map { (ids[$0], PlainTexts([Entry.edit($0, round: round)])) }
            try watch.time { try capture { for (id, text) in edits { try entries.edit(id, text) } } }
        }
        return watch
    }

    /// Takes everything in, one transaction for each part.
    func apply(_ changes: Changes, _ parts: [Range<Int>]) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in parts { try watch.time { try apply(changes, of: part) } }
        return watch
    }
}
