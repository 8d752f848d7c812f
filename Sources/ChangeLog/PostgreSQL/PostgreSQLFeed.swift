import Merge
import PostgreSQL
import Support
import SyncProtocol

/// Reads a page of the feed in one snapshot: one exchange with the database for most pages, and one more for each stretch of
/// those that are long. Memory holds the page and a stretch.
struct PostgreSQLFeed {
    let connection: PostgreSQLConnection
    let limits: Limits

    /// - Parameter proven: the number up to which the request has shown its own commits, which are left out.
    func page(_ request: SyncRequest, proven: UInt64) throws -> FeedPage {
        try connection.sendSnapshot()
        try connection.send(LineRows.find) { $0.add(request.line.bytes) }
        try LogRows.sendChecks([request.cursor.position], line: request.line, connection)
        try sendStretch(ChangeRows.feed, after: start(of: request), request.line)
        let answers = try connection.receive()
        guard answers.count == 4, let row = answers[1].first else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        let line = try LineRows.decode(row)
        guard line.contains(request.cursor, checks: LogRows.decodeChecks(answers[2])) else {
            throw ChangeLogError(.malformed, "the cursor does not stand in this log; nothing was changed")
        }
        var composer = PageComposer(
            request, proven: proven, target: Int(min(request.pageBytes, UInt64(limits.pageBytes))))
        let end = try scan(from: answers[3], line, &composer)
        let check = try check(at: end ?? line.head, line)
        try connection.sendCommit()
        try connection.receive()
        return FeedPage(
            bytes: composer.assembler.page.bytes, commitCount: composer.assembler.commitCount,
            cursor: Cursor(log: line.log, position: end ?? line.head, check: check), head: line.head, more: end != nil,
            fingerprint: end == nil ? line.fingerprint : nil)
    }

    private func start(of request: SyncRequest) -> ChangePlace {
        // Behind all changes of the cursor's position.
        ChangePlace(position: request.cursor.position, index: Int(Int16.max))
    }

    private func sendStretch(_ statement: SQLStatement, after place: ChangePlace, _ line: LineID) throws {
        try connection.send(statement) { ChangeRows.add(line, place, &$0) }
    }

    /// Returns where the page ends; nil if it reaches the head.
    private func scan(from first: Rows, _ line: LineState, _ composer: inout PageComposer) throws -> UInt64? {
        var rows = first
        var size = ChangeRows.feedRows
        while true {
            for index in rows.indices { if let end = composer.add(rows[index]) { return end } }
            guard rows.count == size, let last = rows.indices.last else {
                composer.assembler.endCommit()
                return nil
            }
            // Long stretches are for small changes: their bytes are held twice for a moment.
            let isSmall = line.sealedBytes < line.liveChanges * 1_000
            size = isSmall ? ChangeRows.stretchRows : ChangeRows.feedRows
            try sendStretch(
                isSmall ? ChangeRows.feedOn : ChangeRows.feed, after: ChangeRows.place(rows[last]), line.id)
            guard let next = try connection.receive().last else { return nil }
            rows = next
        }
    }

    private func check(at position: UInt64, _ line: LineState) throws -> [UInt8] {
        if position == line.head { return line.check }
        try LogRows.sendChecks([position], line: line.id, connection)
        guard let check = try connection.receive().last.map(LogRows.decodeChecks)?[position] else {
            throw ChangeLogError(.unusable, "the store is damaged: a position of the log is missing")
        }
        return check
    }
}

/// Puts rows of the feed together to a page, without those that the request has proven to be its own.
private struct PageComposer {
    var assembler: PageAssembler
    private let request: SyncRequest
    private let proven: UInt64
    private var position: UInt64?
    private var isLeftOut = false

    init(_ request: SyncRequest, proven: UInt64, target: Int) {
        self.request = request
        self.proven = proven
        assembler = PageAssembler(target: target)
    }

    /// Adds a change. Returns the position at which the page ends, if it is full before this one.
    mutating func add(_ row: Row) -> UInt64? {
        let place = ChangeRows.place(row)
        if place.position != position {
            let finished = position
            position = place.position
            let head = FeedCommitHead(row)
            isLeftOut = !request.includeOwn && isOwn(head)
            if !isLeftOut {
                assembler.endCommit()
                if assembler.isFull {
                    Marks.reach(.pageSplit)
                    return finished
                }
                assembler.begin(head)
            }
        }
        if !isLeftOut, let header = ChangeRows.header(row) { assembler.append(row, header) }
        return nil
    }

    private func isOwn(_ head: FeedCommitHead) -> Bool {
        guard let number = head.number else { return false }
        return head.replica == request.replica && number <= proven
    }
}
