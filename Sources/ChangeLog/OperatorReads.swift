public import SyncProtocol

/// What operators look up in a store: headers and counts, never what anybody wrote. None of it is asked by workstations, and
/// none of it changes anything.
public protocol OperatorReads: Sendable {
    /// How each replica of a line stood when it was last heard of. Cost: one row for each.
    func replicas(of line: LineID) async throws -> [ReplicaSummary]
    /// When the commits at these positions were written, in milliseconds since 1970; nil where there is none.
    /// Cost: one row for each.
    func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?]
}
