import SQLite
import Sealing
import SyncProtocol
import Trust

/// A workstation that was removed hands over what it had not sent: to the leads, who read it before anything of it counts.
extension Replica {
    /// What is to be handed over, in parts that each make one message; none where there is nothing, or it was done before.
    ///
    /// Commits go in their order. What would be more than `UnsentPart.limit` parts stays here.
    public func unsentParts() throws -> [ClosedRange<UInt64>] {
        try mappingErrors {
            try readers.read { connection in
                let link = try Link(connection)
                guard let membership = try members.membership(connection, link), membership.isRemoved,
                    membership.keyring != nil
                else { return [] }
                var parts: [ClosedRange<UInt64>] = []
                var size = 0
                try Outbox(connection: connection).forEach { commit in
                    let bytes = try commit.changes(limits).reduce(80) {
                        $0 + Sealer.sealedBytes($1.payload.count) + 200
                    }
                    if let last = parts.last, size + bytes <= UnsentPart.pageBytes {
                        parts[parts.count - 1] = last.lowerBound...commit.number
                    } else if parts.count == Int(UnsentPart.limit) {
                        return false
                    } else {
                        parts.append(commit.number...commit.number)
                        size = 0
                    }
                    size += bytes
                    return true
                }
                return parts.last?.upperBound == link.handedOver ? [] : parts
            }
        }
    }

    /// Begins to hand over anew; the attempt goes up with each, whatever the clock says. It is on disk when this returns.
    public func beginHandingOver() throws -> UInt64 {
        try session { session in
            let wall = UInt64(clamping: session.wall)
            session.link.handingAttempt = max(session.link.handingAttempt + 1, min(wall, UnsentPart.attemptLimit / 2))
            return session.link.handingAttempt
        }
    }

    /// A page of the feed with these commits, sealed with the newest key that is here. Errors: `waitsForKey`.
    public func unsentPage(_ numbers: ClosedRange<UInt64>) throws -> [UInt8] {
        try mappingErrors {
            try readers.read { connection in
                guard let keyring = try members.membership(connection, Link(connection))?.keyring else {
                    throw ReplicaError(.waitsForKey, "none of the line's keys is here; your work is safe here")
                }
                var page = CBORWriter()
                try Outbox(connection: connection).forEach(from: numbers.lowerBound) { commit in
                    guard commit.number <= numbers.upperBound else { return false }
                    let (nonce, changes) = commit.sealed(
                        try commit.changes(limits), by: keyring.sealer, estimate: commit.body.count + 256)
                    page.feedCommit(
                        FeedCommit(
                            position: commit.number, stamp: commit.stamp, nonce: nonce,
                            changes: changes.enumerated().map { index, change in
                                FeedChange(index: UInt64(index), header: change.header, sealed: change.sealed)
                            }))
                    return true
                }
                return page.bytes
            }
        }
    }

    /// The server keeps what was not sent, up to this commit, for the leads.
    public func noteHandedOver(through number: UInt64) throws {
        try session { session in
            session.link.handedOver = number
            session.link.handedOverAt = session.wall
        }
    }
}
