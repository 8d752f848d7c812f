import Sealing
import SyncProtocol
import SyncServer

/// An invitation, and the name of a workstation, from the command line to the server: they arrive as they were typed or
/// are refused for their length, and only an invitation itself has its hash.
///
/// The first byte says how long the name is.
enum InvitationHarness {
    private static let real = "lugn-invitation-" + String(repeating: "0f", count: 32)
    private static let realHash = Secrets.hash(real)

    static func run(_ bytes: [UInt8]) throws {
        var choices = Choices(bytes)
        let name = String(decoding: choices.take(choices.below(256)), as: UTF8.self)
        let invitation = String(decoding: choices.rest(), as: UTF8.self)
        let request = JoinRequest(
            invitation: invitation, name: name, keyCheck: [UInt8](repeating: 1, count: JoinRequest.keyCheckBytes))
        let isTooLong =
            invitation.utf8.count > JoinRequest.invitationBytes || name.utf8.count > Limits.nameBytes
        do {
            let read = try JoinRequest(encoded: request.encoded())
            try hold(!isTooLong, "a text above its limit was taken")
            try hold(read.invitation.utf8.elementsEqual(invitation.utf8), "an invitation arrives changed")
            try hold(read.name.utf8.elementsEqual(name.utf8), "a name arrives changed")
        } catch let error as ProtocolError {
            try hold(isTooLong && error.code == .limit, "an invitation that is not too long was refused")
        }
        let hash = Secrets.hash(invitation)
        try hold(hash.count == 32, "a hash has another length")
        try hold(
            (hash == realHash) == invitation.utf8.elementsEqual(real.utf8), "another text has an invitation's hash")
    }
}
