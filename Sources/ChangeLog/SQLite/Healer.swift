import Merge
import SQLite
import Support
import SyncProtocol

/// The server's side of a healing: compares ranges of records by their sums, and joins what differs.
///
/// It keeps nothing between requests; the replica leads (`HealRequest`).
struct Healer {
    let device: Device
    let incarnation: Incarnation
    let limits: Limits
    let now: Int64

    /// Answers a request that changes nothing.
    func answer(_ request: HealRequest, _ connection: Connection) throws -> HealOutcome {
        let line = try line(of: request, connection)
        var response = try response(request, line)
        guard request.isFirst || response.outcome == .done else { return outcome(response, line, line.head) }
        response.outcome = .done
        if request.isFirst { response.seen = try OriginState.seen(in: line.ref, connection) }
        let scan = RangeScan(connection: connection, line: line.ref)
        response.compared = try request.compared.map { compared in
            let sum = try scan.sum(compared.range)
            return sum == compared.sum ? nil : sum.count
        }
        return outcome(response, line, line.head)
    }

    /// Joins the request's parts, and takes over what the replica has seen if it is the last one. Inside the caller's
    /// savepoint.
    func join(_ request: HealRequest, _ connection: Connection, _ erasures: ErasureFlag) throws -> HealOutcome {
        var line = try line(of: request, connection)
        var response = try response(request, line)
        guard response.outcome == .done else { return outcome(response, line, line.head) }
        let items = request.parts.lazy.flatMap(\.items)
        // The wire allows more than the store and a reader of the feed do: taken, it would stop everybody else.
        guard items.allSatisfy({ $0.index < UInt64(limits.commitChanges) }) else {
            throw ChangeLogError(
                .malformed, "a healing offers at most \(limits.commitChanges) items at once; nothing was changed")
        }
        Marks.reach(.heal)
        let headBefore = line.head
        var joiner = RecordJoiner(
            connection: connection, erasures: erasures, seen: try OriginState.seen(in: line.ref, connection),
            theirs: request.seen, nonce: request.nonce, pageBytes: limits.pageBytes)
        for part in request.parts {
            // Asked before: of a part without a beginning it could not be said that nothing of it was joined.
            if joiner.isFull { break }
            response.joinedThrough = try joiner.join(part, &line)
            if response.joinedThrough != nil { break }
            response.joinedParts += 1
        }
        response.page = joiner.page[...]
        for item in items { line.highestTime = max(line.highestTime, item.stamp.time) }
        if request.isLast { try OriginState.include(request.seen, in: line.ref, connection) }
        try note(request, line, connection)
        try line.save(connection)
        response.cursor = Cursor(log: line.log, position: line.head, check: line.check)
        return outcome(response, line, headBefore)
    }

    // MARK: Parts

    private func line(of request: HealRequest, _ connection: Connection) throws -> LineState {
        guard request.line == device.line, let line = try LineState(connection, id: request.line) else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        try device.checkStanding(connection)
        if let origin = try OriginState.find(request.replica, line: line.ref, connection) {
            guard origin.device == nil || origin.device == device.reference else {
                throw ChangeLogError(.wrongDevice, "this replica is another device's; nothing was changed")
            }
        }
        return line
    }

    private func response(_ request: HealRequest, _ line: LineState) throws -> HealResponse {
        HealResponse(
            outcome: request.incarnation == incarnation ? .done : .restarted, incarnation: incarnation,
            serverTime: now, cursor: Cursor(log: line.log, position: line.head, check: line.check))
    }

    private func note(_ request: HealRequest, _ line: LineState, _ connection: Connection) throws {
        var origin =
            try OriginState.find(request.replica, line: line.ref, connection)
            ?? OriginState.create(request.replica, line: line.ref, connection)
        origin.device = device.reference
        origin.lastSeen = now
        try origin.save(connection)
    }

    private func outcome(_ response: HealResponse, _ line: LineState, _ headBefore: UInt64) -> HealOutcome {
        HealOutcome(response: response, hasAdvanced: line.head != headBefore, head: line.head)
    }
}
