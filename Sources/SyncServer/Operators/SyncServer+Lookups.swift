import ChangeLog
import HTTPServer
import JSON
import Merge
import Support
import SyncProtocol
import Trust

/// What operators look up of a line: its log, one record, where writes stand beside each other. Headers only.
extension SyncServer {
    /// `GET /v2/admin/log?before=&limit=&device=&record=&since=&until=`: times in milliseconds since 1970.
    func log(_ line: LineID, _ head: HTTPRequestHead) async throws -> JSONValue {
        let standings = DeviceStanding.all(try await log.replicas(of: line))
        var query = LogQuery()
        query.before = try number(head, "before").map { UInt64(max(0, $0)) }
        query.since = try number(head, "since")
        query.until = try number(head, "until")
        query.limit = Int(try number(head, "limit") ?? 20)
        guard (1...LogQuery.largestLimit).contains(query.limit) else {
            throw Problem.malformed("A part of the log has 1 to \(LogQuery.largestLimit) commits")
        }
        query.record = try record(head)
        if let device = head.query("device") {
            guard let standing = standings.first(where: { $0.latest.deviceID.description == device }) else {
                throw Problem.notFound
            }
            query.replicas = standing.replicas.map(\.replica)
        }
        let devices = Dictionary(
            standings.flatMap { standing in standing.replicas.map { ($0.replica, standing) } },
            uniquingKeysWith: { first, _ in first })
        return .array(
            try await log.commits(of: line, matching: query).map { commit in
                let device = commit.replica.flatMap { devices[$0] }
                return [
                    "position": JSONValue(commit.position), "time": StatusDocument.time(commit.stamp.time.milliseconds),
                    "desk": .string(commit.stamp.dot.desk.description),
                    "replica": commit.replica.map { .string($0.description) } ?? nil,
                    "number": commit.number.map { JSONValue($0) } ?? nil,
                    "device": device.map { .string($0.latest.deviceID.description) } ?? nil,
                    "name": device.map { .string($0.name) } ?? nil,
                    "standingChanges": JSONValue(commit.changes), "sealedBytes": JSONValue(commit.sealedBytes),
                ]
            })
    }

    /// `GET /v2/admin/record?record=`: what is held of one record, and whose write is shown in each of its fields.
    func record(_ line: LineID, _ head: HTTPRequestHead) async throws -> JSONValue {
        guard let record = try record(head) else { throw Problem.malformed("A record is wanted: name it") }
        let changes = try await log.changes(of: record, in: line)
        guard !changes.isEmpty else { throw Problem.notFound }
        return [
            "record": .string(record.description), "erased": .bool(changes.contains { $0.header.kind == .erase }),
            "changes": .array(changes.map(Self.document)), "fields": .array(Self.fields(changes)),
        ]
    }

    private static func document(_ change: HeldChangeSummary) -> JSONValue {
        let header = change.header
        let kind =
            switch header.kind {
            case .put: "put"
            case .add: "add"
            case .erase: "erase"
            }
        return [
            "position": JSONValue(change.position), "time": StatusDocument.time(change.stamp.time.milliseconds),
            "dot": .string(change.stamp.dot.description), "kind": .string(kind),
            "collection": JSONValue(Int(header.collection)),
            "parent": header.parent.map { .string($0.description) } ?? nil,
            "fields": .array(Self.numbers(header.fields)), "standsIn": .array(Self.numbers(change.live)),
            "replaces": JSONValue(header.replaced.count), "epoch": JSONValue(Int(header.epoch)),
            "sealedBytes": JSONValue(change.sealedBytes),
        ]
    }

    /// By field number: the write with the greatest stamp is the one that is shown.
    private static func fields(_ changes: [HeldChangeSummary]) -> [JSONValue] {
        let puts = changes.filter { $0.header.kind == .put }
        return (0..<FieldMask.capacity).compactMap { field in
            let standing = puts.filter { $0.live.contains(field) }
            guard let shown = standing.max(by: { $0.stamp < $1.stamp }) else { return nil }
            return [
                "field": JSONValue(field), "shown": .string(shown.stamp.dot.description),
                "standing": JSONValue(standing.count),
            ]
        }
    }

    private static func numbers(_ mask: FieldMask) -> [JSONValue] {
        mask == .all ? [] : (0..<FieldMask.capacity).filter(mask.contains).map { JSONValue($0) }
    }

    private static let listedConflicts = 1_000

    /// `GET /v2/admin/conflicts`: records in which writes stand beside each other, by collection.
    func conflicts(_ line: LineID) async throws -> JSONValue {
        let head = try await log.lines().first { $0.id == line }?.head ?? 0
        let found = try await countConflicts(line, head: head)
        let collections = Dictionary(grouping: found, by: \.collection).sorted { $0.key < $1.key }
        return [
            "records": JSONValue(found.count),
            "list": .array(
                found.sorted { $0.since < $1.since }.prefix(Self.listedConflicts).map { record in
                    [
                        "record": .string(record.record.description), "collection": JSONValue(Int(record.collection)),
                        "fields": .array(Self.numbers(record.fields)), "since": StatusDocument.time(record.since),
                    ]
                }),
            "oldest": StatusDocument.time(found.map(\.since).min()),
            "collections": .array(
                collections.map { collection, records in
                    [
                        "collection": JSONValue(Int(collection)), "records": JSONValue(records.count),
                        "fields": JSONValue(records.reduce(0) { $0 + $1.fields.count }),
                        "oldest": StatusDocument.time(records.map(\.since).min()),
                        "latest": StatusDocument.time(records.map(\.since).max()),
                    ]
                }),
        ]
    }

    /// `POST /v2/admin/compact`
    func compact() async throws -> JSONValue {
        let before = host().storeBytes
        try await verification.take { try await log.compact() }
        logger.info("compacted")
        return ["bytesBefore": StatusDocument.number(before), "bytes": StatusDocument.number(host().storeBytes)]
    }

    // MARK: Parameters

    private func number(_ head: HTTPRequestHead, _ name: String) throws -> Int64? {
        guard let text = head.query(name) else { return nil }
        guard let number = Int64(text) else { throw Problem.malformed("\(name) is a number") }
        return number
    }

    private func record(_ head: HTTPRequestHead) throws -> RecordID? {
        guard let text = head.query("record") else { return nil }
        guard let record = RecordID(text) else { throw Problem.malformed("record is no record's id") }
        return record
    }
}
