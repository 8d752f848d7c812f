import Merge
import Replica
import TestSupport

extension Ledger {
    /// The record that was first named so.
    func record(of name: String) -> RecordID? { writes.first { $0.value == "name=\(name)" }?.record }
}

/// Each notes what it tries in the ledger first.
extension WriteTransaction {
    @discardableResult
    func insert(_ name: String, _ ledger: inout Ledger) throws -> RecordID {
        let id = ledger.makeID()
        ledger.writes.append(.init(machine: .first, record: id, value: "name=\(name)", replaces: []))
        return try insert(Garden.plants, id: id) { $0[Garden.name] = name }
    }

    func note(_ text: String, below parent: RecordID, _ ledger: inout Ledger) throws {
        let id = ledger.makeID()
        ledger.writes.append(.init(machine: .first, record: id, parent: parent, value: "text=\(text)", replaces: []))
        try add(Garden.remarks, id: id, parent: parent) { $0[Garden.text] = text }
    }

    /// Names a record anew, having seen these names.
    func rename(_ id: RecordID, _ seen: String..., to name: String, _ ledger: inout Ledger) throws {
        ledger.writes.append(
            .init(machine: .first, record: id, value: "name=\(name)", replaces: seen.map { "name=\($0)" }))
        try update(Garden.plants, id) { $0[Garden.name] = name }
    }

    func eraseAll(_ id: RecordID, _ ledger: inout Ledger) throws {
        ledger.erasures.append(.init(machine: .first, record: id))
        try erase(Garden.plants, id)
    }
}
