import HTTPClient
import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol

/// A workstation of the frozen line, on a file of its own.
final class FixtureDesk {
    let name: String
    let replica: Replica
    let client: SyncClient
    let wire: FixtureWire

    init(_ name: String, path: String, site: FixtureSite, clockAheadMilliseconds: Int64 = 0) throws {
        self.name = name
        let now = site.clock.clock.nowMilliseconds
        replica = try Replica(
            path: path, schema: Self.hasNewerSchema(name) ? Greenhouse.newerSchema : Greenhouse.schema,
            environment: .init(wallMilliseconds: { now() + clockAheadMilliseconds }))
        wire = FixtureWire(desk: name, site: site)
        client = SyncClient(replica: replica, transport: wire)
    }

    /// Two, and four that joins late, run the later version of the program.
    static func hasNewerSchema(_ name: String) -> Bool { name == "two" || name == "four" }

    @discardableResult
    func sync() async throws -> SyncReport { try await client.sync() }

    /// Everything that people see and everything that stands beside it, but for ids of replicas and positions: those
    /// are drawn anew by whoever goes on with the file.
    func contents() throws -> [String] {
        try replica.read { snapshot in
            var lines: [String] = []
            for collection in replica.schema.collections {
                let columns =
                    (collection.parent == nil ? ["id"] : ["id", "parent"]) + collection.fields.map(\.name)
                lines += try snapshot.query("SELECT \(columns.joined(separator: ", ")) FROM \(collection.name)") {
                    row in
                    collection.name + " " + columns.indices.map { text(row, $0) }.joined(separator: "|")
                }
            }
            lines += try snapshot.query("SELECT record, field, value FROM lugn_sibling") { row in
                "sibling " + (0..<3).map { text(row, $0) }.joined(separator: "|")
            }
            lines += try snapshot.query("SELECT id, collection FROM lugn_tombstone") { row in
                "erased " + (0..<2).map { text(row, $0) }.joined(separator: "|")
            }
            lines += try snapshot.query("SELECT id, collection, kind FROM lugn_parked_record") { row in
                "parked record " + (0..<3).map { text(row, $0) }.joined(separator: "|")
            }
            lines += try snapshot.query("SELECT record, collection, fields, live, reason FROM lugn_parked") { row in
                "parked " + (0..<5).map { text(row, $0) }.joined(separator: "|")
            }
            return lines.sorted()
        }
    }

    private func text(_ row: borrowing Statement, _ column: Int) -> String {
        switch row.type(column) {
        case .null: "-"
        case .integer: String(row.integer(column))
        case .real: String(row.real(column))
        case .text: "'\(row.text(column))'"
        case .blob: hexadecimalText(row.bytes(column))
        }
    }

    /// How it stands, as far as that is the same wherever the file is opened.
    func standing() throws -> [String] {
        let status = try replica.status()
        return [
            "pending \(status.pending)", "set aside \(status.setAside)", "unopened \(status.unopened)",
            "conflicts \(status.conflicts)", "free numbers \(status.freeNumbers)", "healing \(status.isHealing)",
        ]
    }
}
