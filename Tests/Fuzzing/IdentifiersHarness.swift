import Merge
import SyncProtocol

/// Identifiers as text: what is read is written as one that reads the same, and hexadecimal digits are their bytes.
enum IdentifiersHarness {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let id = RecordID(text) {
            try hold(RecordID(id.description) == id, "a record's id reads differently")
            try hold(
                id.description.filter { $0 != "-" } == text.lowercased().filter { $0 != "-" },
                "a record's id has other digits than were read")
        }
        if let id = ReplicaID(text) {
            try hold(id.description == text.lowercased(), "a replica's id has other digits than were read")
        }
        if let raw = SyncProtocol.bytes(hexadecimal: text) {
            try hold(hexadecimalText(raw) == text.lowercased(), "hexadecimal digits are other bytes")
            if let line = LineID(raw) {
                try hold(line.description == text.lowercased(), "a line's id reads differently")
            }
        }
    }
}
