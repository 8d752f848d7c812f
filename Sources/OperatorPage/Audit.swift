import JSON
import Operations
import Support
import SyncProtocol
import Trust

/// What operators have done, the latest first.
struct Audit {
    private let source: any OperatorSource
    private static let shown = 50

    init(_ source: any OperatorSource) { self.source = source }

    /// Null for an operator of one line, who does not see it.
    func document() async throws -> JSONValue {
        let end: JSONValue
        do {
            end = try await source.get("/v2/admin/audit", query: [("from", "\(UInt32.max)")])
        } catch let error as OperatorSourceError where error.isRefusal {
            return nil
        }
        guard let count = end["end"]?.string.flatMap({ AuditChain.Anchor(text: $0) })?.count else { return nil }
        let first = count > Self.shown ? count - UInt64(Self.shown) : 0
        let answer = try await source.get("/v2/admin/audit", query: [("from", "\(first)")])
        let operators = try await source.get("/v2/admin/operators", query: [])
        return [
            "entries": .array((answer["entries"]?.array ?? []).compactMap(Self.entry).reversed()),
            "operators": operators,
        ]
    }

    /// Nil for one that cannot be read: `lugn-admin audit --verify` says so.
    private static func entry(_ text: JSONValue) -> JSONValue? {
        do throws(ProtocolError) {
            let entry = try AuditEntry(encoded: bytes(hexadecimal: text.string ?? "") ?? [])
            return [
                "at": .string(UTCTime.rfc3339(milliseconds: entry.milliseconds)),
                "by": entry.author.map { .string($0.description) } ?? nil, "act": .string(entry.act.name),
                "line": entry.line.map { .string($0.description) } ?? nil,
                "subject": entry.subject.map { .string(hexadecimalText($0)) } ?? nil,
            ]
        } catch {
            return nil
        }
    }
}
