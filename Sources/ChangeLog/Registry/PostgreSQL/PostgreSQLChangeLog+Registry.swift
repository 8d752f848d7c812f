import PostgreSQL
public import SyncProtocol
public import Trust

extension PostgreSQLChangeLog: RegistryKeeper, RegistryStore {
    public var registry: any LineRegistry { stored }
    private var stored: StoredRegistry<PostgreSQLChangeLog> { StoredRegistry(store: self) }

    // What is asked for every request is remembered for a moment.

    /// The store's own together with what its database says of itself: tickets are good until a standby is promoted.
    public func generation() throws -> UInt64 {
        try lately.generation { try stored.generation() } ^ watch.identityWord
    }
    public func device(_ id: DeviceID) throws -> Device? { try lately.device(id) { try stored.device(id) } }
    public func administrator(_ id: OperatorID) throws -> Administrator? {
        try lately.administrator(id) { try stored.administrator(id) }
    }
    public func mark(of line: LineID) throws -> RosterMark? { try lately.mark(line) { try stored.mark(of: line) } }

    // MARK: Transactions

    func readRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLRegistryAccess) throws -> Result
    ) throws -> Result {
        try reporting {
            try pool.runBlocking { connection in
                try connection.sendSnapshot()
                return try self.finish(connection, isWriting: false, body).0
            }
        }
    }

    func writeRegistry<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLRegistryAccess) throws -> Result
    ) async throws -> Result {
        defer { lately.forgetAll() }
        let (result, lines) = try await run { connection in
            try connection.sendBegin()
            return try self.finish(connection, isWriting: true, body)
        }
        for line in lines { lineNews.tellRights(of: line) }
        return result
    }

    private func finish<Result>(
        _ connection: PostgreSQLConnection, isWriting: Bool, _ body: (PostgreSQLRegistryAccess) throws -> Result
    ) throws -> (Result, Set<LineID>) {
        let access = PostgreSQLRegistryAccess(connection, isWriting: isWriting)
        let result = try body(access)
        try connection.sendCommit()
        try connection.receive()
        return (result, access.changedLines)
    }
}
