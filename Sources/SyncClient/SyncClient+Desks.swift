import Replica
public import SyncProtocol

extension SyncClient {
    /// Asks the server how the line's other workstations stood when they last called. Nothing changes, here or there.
    ///
    /// Errors: ``SyncError``, such as `unreachable` and `notJoined`.
    public func desks(timeoutSeconds: Double = 5) async throws -> DesksResponse {
        let membership = try membership()
        let answer = try await endpoint.get(
            "/v2/desks", at: membership.server, as: .device(membership.keys), timeoutSeconds: timeoutSeconds)
        do {
            return try DesksResponse(encoded: answer.body)
        } catch {
            throw SyncError(unreadable: error)
        }
    }
}
