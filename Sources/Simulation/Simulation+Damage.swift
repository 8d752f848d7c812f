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
        try network.server?.computer.flipBit(row: row, bit: bit)
    }

    func loseServerRow(_ row: Int) throws {
        try beginDamage()
        try network.server?.computer.loseRow(row)
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
