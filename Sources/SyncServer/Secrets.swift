public import ChangeLog
import Sealing
public import SyncProtocol

/// Tokens and invitations: made here, shown once, and kept as hashes only.
public enum Secrets {
    /// A new secret of 256 random bits, as text that can be copied and typed: `prefix-` and 64 hexadecimal digits.
    public static func make(_ prefix: String) -> String { "\(prefix)-\(hexadecimalText(randomBytes(32)))" }

    /// What the store keeps. The secrets are random and long: a plain hash is enough.
    public static func hash(_ secret: String) -> [UInt8] { Blake2b.hash(Array(secret.utf8), count: 32) }

    /// An invitation to a line, good once within the given time.
    public static func invitation(to line: LineID, in log: any ChangeLog, now: Int64, hours: Int64) async throws -> (
        text: String, expires: Int64
    ) {
        let text = make("lugn-invitation")
        let expires = now + hours * 3_600_000
        try await log.addInvitation(hash: hash(text), line: line, expires: expires)
        return (text, expires)
    }

    /// How long an invitation is good unless somebody says otherwise.
    public static let invitationHours: Int64 = 72
}
