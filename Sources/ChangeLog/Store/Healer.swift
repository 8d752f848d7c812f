import Merge
import Support
import SyncProtocol

/// The server's side of a healing: compares ranges of records by their sums, and joins what differs.
///
/// It keeps nothing between requests; the replica leads (`HealRequest`).
struct Healer<Access: LineAccess> {
    let access: Access
    let device: Device
    let limits: Limits
    let bound: ClockBound
    let now: Int64

    /// Answers a request that changes nothing; and says whether the line's sum is that of its rows: where it is not, replicas
    /// would find a difference for ever that no healing joins.
    func answer(_ request: HealRequest, _ sums: SumCache) throws -> (outcome: HealOutcome, isSumRight: Bool) {
        let line = try line(of: request)
        var response = try response(request, line)
        var isSumRight = true
        if response.outcome == .done, !request.compared.isEmpty {
            let found = try sums.compare(request.compared, line, access)
            response.compared = found.counts
            isSumRight = found.isSumRight
        }
        return (HealOutcome(response: response, hasAdvanced: false, head: line.head), isSumRight)
    }

    /// Joins the request's parts. Inside the caller's transaction.
    func join(_ request: HealRequest) throws -> HealOutcome {
        var line = try line(of: request)
        var response = try response(request, line)
        let headBefore = line.head
        guard response.outcome == .done else {
            return HealOutcome(response: response, hasAdvanced: false, head: line.head)
        }
        // The wire allows as much; whoever calls otherwise must not put in what no reader of the feed takes.
        guard request.parts.allSatisfy({ $0.items.allSatisfy { $0.index < UInt64(limits.commitChanges) } }) else {
            throw ChangeLogError(
                .malformed, "a healing offers at most \(limits.commitChanges) items at once; nothing was changed")
        }
        try checkRanges(request.parts.map(\.range))
        Marks.reach(.heal)
        var assembler = PageAssembler(target: limits.pageBytes)
        for part in request.parts {
            // Asked before: of a part without a beginning it could not be said that nothing of it was joined.
            if assembler.isFull { break }
            response.joinedThrough = try join(part, request.nonce, &line, &assembler)
            if response.joinedThrough != nil { break }
            response.joinedParts += 1
        }
        response.page = assembler.page.bytes[...]
        if line.head != headBefore { try access.save(line) }
        response.cursor = line.cursor
        return HealOutcome(response: response, hasAdvanced: line.head != headBefore, head: line.head)
    }

    // MARK: Parts

    /// How many records are looked up at once.
    private var stretchRecords: Int { 1_000 }

    /// Joins a part in order of record, until it ends or the answer is full. Returns how far it came; nil for the end.
    private func join(
        _ part: HealPart, _ nonce: [UInt8], _ line: inout LineState, _ assembler: inout PageAssembler
    ) throws -> RecordID? {
        let offered = Dictionary(grouping: part.items) { $0.change.header.record }
        var rest = part.range
        while true {
            let known = try access.records(in: rest, limit: stretchRecords, line)
            let isLast = known.count < stretchRecords
            // As many of the offered ones as lie in the stretch that was looked up.
            let stretch = RecordRange(after: rest.after, through: isLast ? rest.through : known.last)
            let ids = Set(known).union(offered.keys.filter(stretch.contains)).sorted()
            let set = try access.read(ids.flatMap { offered[$0] ?? [] }.map(\.change.header), others: ids, line)
            var rules = HealRules(set, nonce: nonce, bound: bound, now: now)
            for id in ids {
                if assembler.isFull { return rest.after }
                let isHeld = rules.join(id, offered[id] ?? [])
                try access.write(&rules.set)
                line = rules.set.line
                if !isHeld { try access.append(record: id, line, to: &assembler) }
                rest.after = id
            }
            if isLast { return nil }
        }
    }

    private func checkRanges(_ ranges: [RecordRange]) throws {
        guard ranges.areDisjoint else {
            throw ChangeLogError(.malformed, "the parts of a healing do not overlap; nothing was changed")
        }
    }

    private func line(of request: HealRequest) throws -> LineState {
        guard request.line == device.line, let line = try access.line(request.line) else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        try access.checkStanding(device)
        if let replica = try access.replica(request.replica, line), replica.device != device.reference {
            throw ChangeLogError(.wrongDevice, "this replica is another device's; nothing was changed")
        }
        return line
    }

    private func response(_ request: HealRequest, _ line: LineState) throws -> HealResponse {
        let isHeld = try request.start.map { try access.contains($0, line) } ?? true
        return HealResponse(outcome: isHeld ? .done : .restarted, serverTime: now, cursor: line.cursor)
    }
}
