public import Replica
public import Sealing
import SyncProtocol

extension SyncClient {
    /// Enrols the replica with an invitation, and ties it to the line.
    ///
    /// Errors: ``SyncError`` with `unknownInvitation`, `invitationExpired`, `invitationUsed`, `wrongKey`, `unreachable`;
    /// `ReplicaError` with `otherLine`. None of them changes anything here.
    @discardableResult
    public func join(server: String, invitation: String, name: String, key: LineKey) async throws -> Enrolment {
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
            throw SyncError(.badAnswer, "a workstation's name has 1 to \(Limits.nameBytes) bytes; nothing was changed")
        }
        guard invitation.utf8.count <= JoinRequest.invitationBytes else {
            throw SyncError(
                .unknownInvitation, "this is no invitation; nothing was changed: check it, or ask for a new one")
        }
        let request = JoinRequest(invitation: invitation, name: name, keyCheck: key.check)
        let endpoint = Endpoint(server: server, path: "/v2/join", token: nil, transport: transport)
        let bytes = try await endpoint.post(request.encoded(), timeoutSeconds: configuration.timeoutSeconds)
        let answer: JoinResponse
        do {
            answer = try JoinResponse(encoded: bytes)
        } catch {
            throw SyncError(unreadable: error)
        }
        try replica.enrol(answer, server: server, name: name, key: key)
        return try enrolment()
    }
}
