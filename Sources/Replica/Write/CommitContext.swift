import Merge

/// What a commit says itself to have seen, where its base does not tell or soon may not: a version vector, and what the
/// commit replaces.
///
/// A vector cannot name one write: it claims all that its replica has written up to then, in other records too, which a
/// healing may have handed out beyond the cursor. In the one record that the commit writes all that stands is handed out
/// together. So only a commit that writes no other record that somebody else may know names what it replaces.
struct CommitContext {
    private(set) var seen: VersionVector
    private let mayName: Bool
    private var hasNamed = false
    private var written: RecordID?
    private var hasSeveral = false

    /// Something was named, and another record is written: the commit is to begin anew, and to name nothing.
    struct SeveralRecords: Error {}

    init(_ seen: VersionVector, mayName: Bool) {
        self.seen = seen
        self.mayName = mayName
    }

    /// A record that others may know is written.
    mutating func write(_ record: RecordID) throws {
        if let written, written != record { hasSeveral = true }
        written = written ?? record
        if hasSeveral, hasNamed { throw SeveralRecords() }
    }

    /// Claims to have seen more, in the record that is being written; false if it may not.
    mutating func name(_ more: VersionVector) throws -> Bool {
        if more.sorted.allSatisfy(seen.contains) { return true }
        guard mayName else { return false }
        if hasSeveral { throw SeveralRecords() }
        seen.merge(more)
        hasNamed = true
        return true
    }
}
