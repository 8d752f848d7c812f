import Merge
import Replica
import SyncProtocol

/// The state of one healing: which ranges are still to be compared, and which to be joined.
///
/// Ranges that differ are divided, the latest first, so that what is remembered stays small however much differs.
struct HealingWalk {
    /// Into how many parts a range that differs is divided.
    static let parts = 16
    /// How many ranges are divided for one request: as many as differ, for few round trips, and so few that the request
    /// stays small.
    private static let rangesAtOnce = 64
    /// A range of so few records, most of whose parts differ, is joined as a whole.
    private static let wholeRecords: UInt64 = 64

    private let endpoint: Endpoint
    private let timeoutSeconds: Double
    private(set) var request = HealRequest.none
    private var toDivide: [RecordRange] = [.all]
    var toJoin: [RecordRange] = []
    var report = HealingReport()

    init(endpoint: Endpoint, timeoutSeconds: Double) {
        self.endpoint = endpoint
        self.timeoutSeconds = timeoutSeconds
    }

    mutating func begin(_ first: HealRequest) async throws -> HealResponse {
        var question = first
        question.seen = VersionVector()
        let answer = try await exchange(question)
        request = first
        // The server's present incarnation, whichever the replica's id was drawn for.
        request.incarnation = answer.incarnation
        return answer
    }

    mutating func nextToDivide() -> [RecordRange]? {
        if toDivide.isEmpty { return nil }
        let next = toDivide.suffix(Self.rangesAtOnce)
        toDivide.removeLast(next.count)
        return Array(next)
    }

    /// Compares the parts of ranges that differ. False if the server was started again.
    mutating func compare(_ groups: [[ComparedRange]]) async throws -> Bool {
        var question = request
        question.seen = VersionVector()
        question.compared = groups.flatMap(\.self)
        guard let answer = try await send(question) else { return false }
        guard answer.compared.count == question.compared.count else {
            throw SyncError(.badAnswer, "the server's answer does not fit the question; nothing of it was taken in")
        }
        report.comparedRanges += question.compared.count
        var counts = answer.compared[...]
        for group in groups {
            sort(group, Array(counts.prefix(group.count)))
            counts = counts.dropFirst(group.count)
        }
        return true
    }

    private mutating func sort(_ group: [ComparedRange], _ counts: [UInt64?]) {
        let differing = zip(group, counts).filter { $0.1 != nil }
        let records = group.reduce(0) { $0 + $1.sum.count }
        if let first = group.first, let last = group.last, records <= Self.wholeRecords,
            differing.count > group.count / 2
        {
            return join(RecordRange(after: first.range.after, through: last.range.through))
        }
        for (compared, count) in differing {
            // Nothing to compare where one side has nothing, or this one a single record.
            if count == 0 || compared.sum.count <= 1 {
                join(compared.range)
            } else {
                toDivide.append(compared.range)
            }
        }
    }

    private mutating func join(_ range: RecordRange) {
        toJoin.append(range)
        report.differingRanges += 1
    }

    /// The last exchange: what this replica has seen, the server now has seen too. Nil if it was started again.
    mutating func end() async throws -> HealResponse? {
        var last = request
        last.isLast = true
        return try await send(last)
    }

    /// Nil if the server was started again since the beginning.
    mutating func send(_ request: HealRequest) async throws -> HealResponse? {
        let answer = try await exchange(request)
        return answer.outcome == .done ? answer : nil
    }

    private mutating func exchange(_ request: HealRequest) async throws -> HealResponse {
        let body = request.encoded()
        let answer = try await endpoint.post(body, timeoutSeconds: timeoutSeconds)
        report.exchanges += 1
        report.sentBytes += body.count
        report.receivedBytes += answer.count
        do {
            return try HealResponse(encoded: answer)
        } catch {
            throw SyncError(unreadable: error)
        }
    }
}

extension HealRequest {
    fileprivate static let none = HealRequest(
        line: LineID([UInt8](repeating: 0, count: 16))!, replica: .init(rawValue: 0), incarnation: .none)
}

extension HealingReport {
    mutating func add(_ other: HealingReport) {
        comparedRanges += other.comparedRanges
        differingRanges += other.differingRanges
        receivedChanges += other.receivedChanges
        exchanges += other.exchanges
        sentBytes += other.sentBytes
        receivedBytes += other.receivedBytes
    }
}
