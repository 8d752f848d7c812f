import SQLite
import Sealing
import SyncProtocol
import Trust

/// What sealing and opening need; exists only for a replica that belongs to a line and has the newest of its keys.
///
/// Without the newest key nothing is sent, since what an older one seals is not taken, and nothing is taken in: what other
/// workstations write now would not open.
struct SessionKeys {
    let keyring: Keyring
    var line: LineID { keyring.line }
    /// Seals what is sent.
    var sealer: Sealer { keyring.sealer }

    /// Errors: `notJoined`, `removed`, `waitsForKey`, `damagedKeys`.
    init(_ membership: Membership?) throws {
        guard let membership else { throw ReplicaError.notJoined }
        if membership.isRemoved {
            throw ReplicaError(
                .removed,
                "a lead has taken this workstation out of the line; what was written here is safe here, and what was not sent is not sent any more: talk to a lead"
            )
        }
        guard membership.returned.isEmpty else {
            throw ReplicaError(
                .waitsForKey,
                "somebody whom a lead had removed is in the line again since the server was put back; nothing is sent until a lead's workstation has removed them again; your work is safe here: tell a lead"
            )
        }
        guard let keyring = membership.keyring, membership.hasNewestKey else {
            throw ReplicaError(
                .waitsForKey,
                "this workstation waits for the line's new key, which any other workstation gives it as soon as one is online; your work is safe here and will be sent then"
            )
        }
        self.keyring = keyring
    }

    /// Nil for a key that is not here.
    func sealer(epoch: UInt32) -> Sealer? { keyring.sealer(epoch: epoch) }
}
