import ChangeLog
import Replica
import SQLite
import Support

/// Disks that change or lose what is on them.
///
/// Each such step begins when everybody holds everything, and no copy from before it is used afterwards: so all that is damaged
/// can come back from somebody, and must.
extension Simulation {
    /// How many healings one cause may lead to at a desk: the one that joins what differs, and one more where the server was
    /// put back once again before what the first had brought was read.
    static let healingsOfACause = 2

    /// For a workstation that has forgotten what it had healed.
    var mayHealAgain: Int { happened.isDisjoint(with: [.restores, .damage]) ? 0 : Self.healingsOfACause }

    private func beginDamage() throws {
        try settleAll()
        backups = []
        serverBackups = []
        happened.insert(.damage)
        for desk in desks { desk.mayHeal = Self.healingsOfACause }
    }

    func flipServerBit(row: Int, bit: Int) throws {
        try beginDamage()
        guard let server = network.server else { return }
        let store = try Connection(path: Computer.path, mode: .readWrite, vfs: server.computer.vfs)
        guard let (position, sealed) = try Self.change(row, in: store), !sealed.isEmpty else { return }
        var changed = sealed
        changed[bit / 8 % changed.count] ^= 1 << UInt8(bit % 8)
        try store.withStatement("UPDATE change SET sealed = ? WHERE position = ?") { statement in
            try statement.bind(1, changed)
            try statement.bind(2, position)
            try statement.run()
        }
    }

    func loseServerRow(_ row: Int) throws {
        try beginDamage()
        guard let server = network.server else { return }
        let store = try Connection(path: Computer.path, mode: .readWrite, vfs: server.computer.vfs)
        guard let (position, _) = try Self.change(row, in: store) else { return }
        try store.execute("DELETE FROM change WHERE position = \(position)")
    }

    private static func change(_ row: Int, in store: Connection) throws -> (position: Int64, sealed: [UInt8])? {
        let count = Int(try store.integer("SELECT count(*) FROM change") ?? 0)
        guard count > 0 else { return nil }
        return try store.withStatement("SELECT position, sealed FROM change ORDER BY position LIMIT 1 OFFSET ?") {
            statement in
            try statement.bind(1, row % count)
            return try statement.step() ? (statement.integer(0), statement.bytes(1)) : nil
        }
    }

    func loseRow(_ row: Int, of desk: Workstation) throws {
        try beginDamage()
        let file = try Connection(path: Computer.path, mode: .readWrite, vfs: desk.computer.vfs)
        let tables = ["plants", "leaves", "remarks"] + (desk.isNewer ? ["tools"] : [])
        let table = tables[row % tables.count]
        let count = Int(try file.integer("SELECT count(*) FROM \(table)") ?? 0)
        guard count > 0 else { return }
        try file.execute(
            "DELETE FROM \(table) WHERE id = (SELECT id FROM \(table) ORDER BY id LIMIT 1 OFFSET \(row / 4 % count))")
        trace.note("desk \(desk.number) has lost a row of \(table)")
    }

    /// What both sides do by themselves every day or week.
    func lookOver() throws {
        guard happened.contains(.damage), let server = network.server else { return }
        let line = line
        let now = serverClock.now
        for _ in 0..<3 {
            try finish("the scrub") {
                while try await server.log.scrub(line: line, count: 1_000, now: now) == .goesOn {}
            }
        }
        for desk in members { _ = try desk.replica.scrub(everyMilliseconds: 0) }
    }
}
