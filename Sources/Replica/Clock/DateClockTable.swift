import SQLite

/// Owner of `lugn_clock`: what is known of the time, in one row.
struct DateClockTable {
    let connection: Connection

    static let definition = """
        -- One row: the server's time as it was last heard and as it was last confirmed, each with the computer's clocks.
        CREATE TABLE lugn_clock (
            told INTEGER, told_wall INTEGER, told_boot INTEGER, told_running INTEGER,
            confirmed INTEGER, confirmed_wall INTEGER, confirmed_boot INTEGER, confirmed_running INTEGER,
            decision INTEGER, decided_difference INTEGER, -- 1: the server is right, 2: the computer is
            log_time INTEGER
        ) STRICT;
        """

    private struct Row {
        struct Clock {
            var server: Int64?
            var wall: Int64?
            var boot: UInt64?
            var running: Int64?

            init(_ measurement: DateClock.Measurement?) {
                server = measurement?.server
                wall = measurement?.at.wall
                boot = measurement?.at.boot?.id
                running = measurement?.at.boot?.milliseconds
            }

            var measurement: DateClock.Measurement? {
                guard let server, let wall else { return nil }
                var start: ClockReading.Boot?
                if let boot, let running { start = .init(id: boot, milliseconds: running) }
                return .init(server: server, at: ClockReading(wall: wall, boot: start))
            }
        }
        var told = Clock(nil)
        var confirmed = Clock(nil)
        var decision: Int64?
        var decidedDifference: Int64?
        var logTime: Int64?
    }

    private static let codec = RowCodec<Row>(
        "lugn_clock",
        [
            .column("told", \.told.server), .column("told_wall", \.told.wall), .column("told_boot", \.told.boot),
            .column("told_running", \.told.running), .column("confirmed", \.confirmed.server),
            .column("confirmed_wall", \.confirmed.wall), .column("confirmed_boot", \.confirmed.boot),
            .column("confirmed_running", \.confirmed.running), .column("decision", \.decision),
            .column("decided_difference", \.decidedDifference), .column("log_time", \.logTime),
        ])

    func insert() throws { try run(Self.codec.insert, DateClock()) }
    func save(_ clock: DateClock) throws { try run(Self.codec.update, clock) }

    func read() throws -> DateClock {
        try connection.withStatement(Self.codec.select) { statement in
            guard try statement.step() else { throw ReplicaError.damagedRow("what is known of the time") }
            var row = Row()
            try Self.codec.read(statement, into: &row)
            var clock = DateClock()
            clock.told = row.told.measurement
            clock.confirmed = row.confirmed.measurement
            clock.logTime = row.logTime
            if let difference = row.decidedDifference {
                clock.decision = row.decision == 1 ? .server(difference: difference) : .computer(difference: difference)
            }
            return clock
        }
    }

    private func run(_ sql: String, _ clock: DateClock) throws {
        var row = Row()
        row.told = .init(clock.told)
        row.confirmed = .init(clock.confirmed)
        row.logTime = clock.logTime
        switch clock.decision {
        case .server(let difference): (row.decision, row.decidedDifference) = (1, difference)
        case .computer(let difference): (row.decision, row.decidedDifference) = (2, difference)
        case nil: break
        }
        try connection.withStatement(sql) { statement in
            try Self.codec.bind(statement, row)
            try statement.run()
        }
    }
}
