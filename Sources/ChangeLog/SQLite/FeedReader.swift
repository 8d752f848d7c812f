import Merge
import SQLite
import Support
import SyncProtocol

/// Reads a page of the feed: the changes held behind a cursor, in log order, encoded as they are read.
///
/// One range scan; memory holds the page and one commit. A row that cannot be read is passed over, as one that is not held:
/// the sums differ then, and `verify` finds it.
struct FeedReader {
    let connection: Connection
    let line: LineState
    let limits: Limits

    /// - Parameter proven: the number up to which the request has shown its own commits, which are left out.
    func page(_ request: SyncRequest, proven: UInt64) throws -> FeedPage {
        let log = LogTable(connection: connection, line: line.ref)
        guard try log.contains(request.cursor, line) else {
            throw ChangeLogError(.malformed, "the cursor does not stand in this log; nothing was changed")
        }
        var assembler = PageAssembler(target: Int(min(request.pageBytes, UInt64(limits.pageBytes))))
        let end = try scan(request, proven: proven, log, &assembler)
        let position = end ?? line.head
        guard let check = try log.check(at: position, line) else {
            throw ChangeLogError(.unusable, "the store is damaged: a position of the log is missing")
        }
        return FeedPage(
            bytes: assembler.page.bytes, commitCount: assembler.commitCount,
            cursor: Cursor(log: line.log, position: position, check: check), head: line.head, more: end != nil,
            fingerprint: end == nil ? line.fingerprint : nil)
    }

    /// Appends what is held of one record, each change as a commit of its own.
    func append(record: RecordID, to assembler: inout PageAssembler) throws {
        let log = LogTable(connection: connection, line: line.ref)
        try ChangeTable(connection: connection, line: line.ref).forEach(of: record) { row in
            let place = LogKey.place(ofChange: row.integer(ChangeTable.Column.position))
            guard let header = ChangeTable.header(row), let head = try log.head(at: place.position) else { return }
            assembler.begin(head)
            append(row, header, to: &assembler)
            assembler.endCommit()
        }
    }

    /// Returns where the page ends; nil if it reaches the head.
    private func scan(
        _ request: SyncRequest, proven: UInt64, _ log: LogTable, _ assembler: inout PageAssembler
    ) throws -> UInt64? {
        var position: UInt64?
        var isLeftOut = false
        var end: UInt64?
        try ChangeTable(connection: connection, line: line.ref).forEach(after: request.cursor.position) { row in
            let place = LogKey.place(ofChange: row.integer(ChangeTable.Column.position))
            if place.position != position {
                let finished = position
                position = place.position
                guard let head = try log.head(at: place.position) else {
                    isLeftOut = true
                    return true
                }
                isLeftOut = !request.includeOwn && isOwn(head, request, proven: proven)
                if !isLeftOut {
                    assembler.endCommit()
                    if assembler.isFull {
                        Marks.reach(.pageSplit)
                        end = finished
                        return false
                    }
                    assembler.begin(head)
                }
            }
            if !isLeftOut, let header = ChangeTable.header(row) { append(row, header, to: &assembler) }
            return true
        }
        assembler.endCommit()
        return end
    }

    /// A replica has its own commits, as far as the request proves that they are its own.
    private func isOwn(_ head: FeedCommitHead, _ request: SyncRequest, proven: UInt64) -> Bool {
        guard let number = head.number else { return false }
        return head.replica == request.replica && number <= proven
    }

    private func append(
        _ row: borrowing Statement, _ header: ChangeHeader, to assembler: inout PageAssembler
    ) {
        unsafe row.withBytes(ChangeTable.Column.sealed.rawValue) { sealed in
            unsafe assembler.append(
                index: row.word(ChangeTable.Column.nonceIndex), header: header, sealed: sealed)
        }
    }
}
