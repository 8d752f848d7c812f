import Replica
public import SyncProtocol

extension SyncClient {
    /// Asks the server how the line's other workstations stood when they last called. Nothing changes, here or there.
    ///
    /// Errors: ``SyncError``, such as `unreachable` and `notJoined`.
    public func desks(timeoutSeconds: Double = 5) async throws -> DesksResponse {
        let enrolment = try enrolment()
        let endpoint = Endpoint(
            server: enrolment.server, path: "/v2/desks", token: enrolment.token, transport: transport)
        let answer = try await endpoint.get(timeoutSeconds: timeoutSeconds)
        do {
            return try DesksResponse(encoded: answer)
        } catch {
            throw SyncError(unreadable: error)
        }
    }
}
