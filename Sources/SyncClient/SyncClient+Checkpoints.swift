import Replica
import Support
import SyncProtocol
public import Trust

extension SyncClient {
    /// Compares with the other workstations: hands out a checkpoint of its own, and looks at those of the others that speak of the
    /// place where this one is. Nothing happens while it is not at the log's end, or has something to send.
    ///
    /// Errors: ``SyncError``. Cost: two small requests, and a pass over all records.
    public func compareWithOthers() async throws {
        guard let place = try replica.checkpointPlace() else { return }
        let membership = try membership()
        let list = try await checkpoints(membership)
        guard let keyring = membership.keyring, let own = try replica.checkpoint(), own.isOfSamePlace(as: place) else {
            return
        }
        var comparisons: [Comparison] = []
        for sealed in list.checkpoints where sealed.device != membership.device {
            guard let other = keyring.open(sealed, membership.roster.state), other.isOfSamePlace(as: own) else {
                continue
            }
            comparisons.append(
                Comparison(
                    device: sealed.device, isEqual: other.sum == own.sum, milliseconds: other.milliseconds))
        }
        try replica.keep(comparisons)
        try await post(
            CheckpointList([keyring.seal(own, by: membership.keys)]).encoded(), to: "/v2/checkpoints", membership)
    }

    /// When each of the other workstations last took a sum of all it had, by its own clock: milliseconds since 1970. It was
    /// equal with the server then, and had nothing to send. Those that have done so under the newest key only.
    ///
    /// Errors: ``SyncError``.
    public func lastCheckpoints() async throws -> [DeviceID: Int64] {
        let membership = try membership()
        let list = try await checkpoints(membership)
        guard let keyring = membership.keyring else { return [:] }
        var last: [DeviceID: Int64] = [:]
        for sealed in list.checkpoints where sealed.device != membership.device {
            last[sealed.device] = keyring.open(sealed, membership.roster.state)?.milliseconds
        }
        return last
    }

    private func checkpoints(_ membership: Membership) async throws -> CheckpointList {
        let bytes = try await get("/v2/checkpoints", membership)
        return try reading { () throws(ProtocolError) in try CheckpointList(encoded: bytes) }
    }

    /// The same where it is due: ten to twenty minutes after the last time, drawn by lot, so that not all come at once.
    func compareWhenDue() async throws {
        let now = replica.wallMilliseconds()
        let isDue = nextComparison.withLock { next in
            // A clock that was put back makes none of them wait for ever.
            guard let due = next, due > now, due - now < 2 * Self.comparisonMilliseconds else { return true }
            return false
        }
        guard isDue else { return }
        let wait = Self.comparisonMilliseconds / 2 + Int64(random() * Double(Self.comparisonMilliseconds / 2))
        nextComparison.withLock { $0 = now + wait }
        try await compareWithOthers()
    }

    private static let comparisonMilliseconds: Int64 = 20 * 60_000
}
