import PostgreSQL
import TestSupport
import Testing

/// The way to PostgreSQL, by a real server.
@Suite(.enabled(if: PostgreSQLServer.isInstalled)) struct PostgreSQLTests {
    private func connect() throws -> PostgreSQLConnection {
        try PostgreSQLConnection(DatabaseAddress(PostgreSQLServer.shared.get().address()))
    }

    private static let everyType = SQLStatement(
        """
        SELECT $1::bigint, $2::bigint, $3::integer, $4::smallint, $5::boolean, $6::text, $7::bytea, $8::uuid,
            $9::bigint[] = ARRAY[1, -1]::bigint[], cardinality($10::uuid[])::bigint, cardinality($11::uuid[])::bigint
        """)

    @Test("every kind of parameter comes back as it was")
    func parameters() throws {
        let connection = try connect()
        let blob = (0...255).map { UInt8($0) }
        let row = try #require(
            try connection.run(Self.everyType) {
                $0.add(Int64.min)
                $0.add(nil as Int64?)
                $0.add(Int32(-7))
                $0.add(Int16.min)
                $0.add(true)
                $0.add("å\0ö")
                $0.add(blob)
                $0.add(high: .max, low: 1)
                $0.add(words: [1, .max])
                $0.add(uuids: [(high: 1, low: 2), (high: 3, low: 4)])
                $0.add(uuids: [])
            }.first)
        #expect(row.integer(0) == .min && row.isNull(1) && row.integer(2) == -7 && row.integer(3) == Int64(Int16.min))
        #expect(row.boolean(4) && row.text(5) == "åö" && row.bytes(6) == blob)
        #expect(row.halves(7).map { $0.high == .max && $0.low == 1 } == true)
        #expect(row.boolean(8) && row.integer(9) == 2 && row.integer(10) == 0)
    }

    private static let empty = SQLStatement("SELECT $1::bytea, $1::bytea IS NULL, $2::text")

    @Test("an empty value is not none")
    func empty() throws {
        let row = try #require(
            try connect().run(Self.empty) {
                $0.add([UInt8]())
                $0.add("")
            }.first)
        #expect(!row.isNull(0) && row.bytes(0).isEmpty && !row.boolean(1) && row.text(2).isEmpty)
    }

    private static let number = SQLStatement("SELECT $1::bigint")
    private static let division = SQLStatement("SELECT 1 / $1::bigint")

    @Test("thousands of statements in one exchange are answered in order")
    func pipeline() throws {
        let connection = try connect()
        for number in 0..<5_000 { try connection.send(Self.number) { $0.add(Int64(number)) } }
        #expect(try connection.receive().map { $0[0].integer(0) } == (0..<5_000).map { Int64($0) })
    }

    @Test("the first statement that fails is told, none behind it is carried out, and the connection goes on")
    func failure() throws {
        let connection = try connect()
        try connection.sendBegin()
        try connection.send(Self.division) { $0.add(Int64(0)) }
        try connection.send(Self.number) { $0.add(Int64(1)) }
        try connection.sendCommit()
        #expect { try connection.receive() } throws: { ($0 as? PostgreSQLError)?.sqlState == "22012" }
        #expect(!connection.isBroken)
        // Also the one that was not prepared because of it.
        #expect(try connection.run(Self.number) { $0.add(Int64(2)) }[0].integer(0) == 2)
    }

    private static let ownProcess = SQLStatement("SELECT pg_backend_pid()::bigint")
    private static let ending = SQLStatement("SELECT pg_terminate_backend($1::integer)")
    private static let sleeping = SQLStatement("SELECT pg_sleep(30)")

    @Test("a connection that was ended says so, and the pool takes a new one")
    func lost() async throws {
        let pool = ConnectionPool(try DatabaseAddress(PostgreSQLServer.shared.get().address()), size: 2)
        let process = try await pool.run { try $0.run(Self.ownProcess)[0].integer(0) }
        _ = try connect().run(Self.ending) { $0.add(Int32(process)) }
        let other = try await pool.run { try $0.run(Self.ownProcess)[0].integer(0) }
        #expect(other != process && pool.figures.failed == 1 && pool.figures.open == 1)
    }

    @Test("a server that does not answer is not waited for longer than was said")
    func patience() throws {
        let connection = try connect()
        connection.patienceMilliseconds = 200
        #expect { try connection.run(Self.sleeping) } throws: { ($0 as? PostgreSQLError)?.isConnectionLost == true }
        #expect(connection.isBroken)
    }

    @Test("more work than connections waits its turn; more than may wait is refused at once")
    func waiting() async throws {
        let pool = ConnectionPool(
            try DatabaseAddress(PostgreSQLServer.shared.get().address()), size: 2, waitingLimit: 20)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        return try await pool.run { try $0.run(Self.number) { $0.add(Int64(number)) }[0].integer(0) }
                            == Int64(number)
                    } catch let error as PostgreSQLError {
                        #expect(error.hasTooManyConnections)
                        return false
                    } catch {
                        Issue.record(error)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } >= 22 && pool.figures.open <= 2)
    }

    @Test(
        "an address that would give something away is refused, in words that say what to do",
        arguments: [
            ("postgresql://lugn:secret@localhost/lugn", "passfile"),
            ("postgresql://lugn@db.example/lugn?sslmode=disable", "verify-full"),
            ("postgresql://lugn@db.example/lugn?sslmode=require", "verify-full"),
            ("postgresql://lugn@[::1/lugn", "postgresql://HOST/NAME"),
        ])
    func addresses(_ text: String, _ advice: String) {
        #expect { try DatabaseAddress(text) } throws: {
            let message = ($0 as? PostgreSQLError)?.message ?? ""
            return message.contains(advice) && !message.contains("secret")
        }
    }

    @Test("what cannot be connected to is told in words")
    func unreachable() throws {
        let folder = try PostgreSQLServer.shared.get().folder
        for (text, words) in [
            ("postgresql://lugn@/none?host=\(folder)", "there is no such database"),
            ("postgresql://lugn@/postgres?host=/nowhere", "No such file"),
        ] {
            #expect { try PostgreSQLConnection(DatabaseAddress(text)) } throws: {
                ($0 as? PostgreSQLError).map { $0.isConnectionLost && $0.message.contains(words) } == true
            }
        }
    }
}
