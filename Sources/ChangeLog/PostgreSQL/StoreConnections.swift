import PostgreSQL

/// How a store's connections to its database stand, for metrics.
public struct StoreConnections: Hashable, Sendable {
    public var limit = 0, open = 0, busy = 0
    /// Work that waits for one.
    public var waiting = 0
    /// Since the start: how many were opened, and how many were lost or could not be opened.
    public var opened: UInt64 = 0, failed: UInt64 = 0
}

extension PostgreSQLChangeLog {
    public var connections: StoreConnections {
        let figures = pool.figures
        return StoreConnections(
            limit: pool.size, open: figures.open, busy: figures.busy, waiting: figures.waiting,
            opened: figures.opened, failed: figures.failed)
    }
}
