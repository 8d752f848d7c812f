import Merge
import SyncProtocol

/// What stands above a record: its parent, and the parent's ancestors, the nearest first.
///
/// Every row of a collection below the second level keeps all of it, since a record may arrive without what lies between,
/// and an erasure of anything above it erases it all the same.
struct Above: Equatable {
    var parent: RecordID?
    var ancestors: [RecordID]

    static let nothing = Above(parent: nil, ancestors: [])

    init(parent: RecordID?, ancestors: [RecordID]) {
        self.parent = parent
        self.ancestors = ancestors
    }

    init(_ header: ChangeHeader) { self.init(parent: header.parent, ancestors: header.ancestors) }

    init(parent: RecordID?, encodedAncestors bytes: [UInt8]) {
        var ancestors: [RecordID] = []
        for start in stride(from: 0, to: bytes.count - 15, by: 16) {
            func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
            ancestors.append(RecordID(high: word(start), low: word(start + 8)))
        }
        self.init(parent: parent, ancestors: ancestors)
    }

    var encodedAncestors: [UInt8] {
        if ancestors.isEmpty { return [] }
        var writer = CBORWriter()
        for id in ancestors {
            writer.append(id.high)
            writer.append(id.low)
        }
        return writer.bytes
    }

    /// The parent and everything above it.
    var path: [RecordID] { parent.map { [$0] + ancestors } ?? [] }

    /// The ancestor at a distance of two or more, as an expression on the column; it is indexed.
    static func column(distance: Int) -> String { "substr(ancestors, \(16 * (distance - 2) + 1), 16)" }
}
