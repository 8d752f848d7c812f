import Merge
import SyncProtocol

/// What somebody had before them when an edit began: which writes each record showed, and what those had replaced.
///
/// Kept with a form while it is open, and given to `Replica.write(basedOn:_:)` when it is saved: what came in meanwhile
/// has not been seen, and stands beside the edit as a conflict instead of being lost.
public struct EditBasis: Sendable, Hashable {
    private var states: [RecordID: RecordState]

    public init() { states = [:] }

    init(_ id: RecordID, _ state: RecordState) { states = [id: state] }

    /// What both bases saw, for a form that shows several records.
    public func merging(_ other: EditBasis) -> EditBasis {
        var result = self
        result.states.merge(other.states) { first, _ in first }
        return result
    }

    func state(_ id: RecordID) -> RecordState? { states[id] }
}

extension EditBasis {
    /// The basis as text, for a form that lives in another program, such as a page. It says which writes were shown, and
    /// nothing of what they say. About 40 characters for a record that was written once.
    public var token: String {
        var writer = CBORWriter()
        for (id, state) in states.sorted(by: { $0.key < $1.key }) {
            writer.record(id)
            writer.data(state.encoded())
        }
        return hexadecimalText(writer.bytes)
    }

    /// Reads ``token``; nil if it is none.
    public init?(token: String) {
        guard let bytes = bytes(hexadecimal: token) else { return nil }
        self.init()
        var reader = CBORReader(bytes)
        do throws(ProtocolError) {
            while !reader.isAtEnd {
                let id = try reader.record()
                let encoded = Array(try reader.data(limit: 1 << 20))
                guard let state = RecordState(encoded: encoded.span) else { return nil }
                states[id] = state
            }
        } catch {
            return nil
        }
    }
}
