import SQLite

/// Owner of `lugn_home`: where the file lay when its replica id and its numbers were its own, as a hash.
struct HomePlace {
    let connection: Connection

    static let definition = """
        -- One row: where this file lay when it was last opened; a copy of it lies elsewhere.
        CREATE TABLE lugn_home (place INTEGER) STRICT;
        """

    func read() throws -> UInt64? {
        try connection.integer("SELECT place FROM lugn_home").map { UInt64(bitPattern: $0) }
    }

    func save(_ place: UInt64) throws {
        try connection.execute("DELETE FROM lugn_home")
        try connection.execute("INSERT INTO lugn_home VALUES (\(Int64(bitPattern: place)))")
    }
}

extension Replica {
    /// Takes an id of its own where the file is found in another place than it was used in last: it may be a copy, and the
    /// original, or another copy, may go on elsewhere. Nothing is lost by it; numbers that were leased are given up, so that no
    /// two of them give the same, even if neither ever meets the server.
    func settle(at place: UInt64) throws {
        if try readers.read({ try HomePlace(connection: $0).read() }) == place { return }
        try session { session in
            let home = HomePlace(connection: session.store.connection)
            let before = try home.read()
            if before == place { return }
            try home.save(place)
            if before != nil { try session.takeNewID() }
        }
    }
}
