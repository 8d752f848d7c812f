import SQLite
public import Sealing
public import SyncProtocol

extension Replica {
    /// Ties the replica to a line, once: its server, its key, and the token that lets it in.
    ///
    /// Errors: `otherLine` if it belongs to another one, `wrongKey` if it has worked with another key.
    public func enrol(_ answer: JoinResponse, server: String, name: String, key: LineKey) throws {
        try session { session in
            if let line = session.link.line, line != answer.line {
                throw ReplicaError(
                    .otherLine,
                    "this workstation already belongs to another line; its work is safe: use another data folder to join this one"
                )
            }
            if let secret = session.link.keySecret, secret != key.secretForStorage {
                throw ReplicaError(
                    .wrongKey,
                    "this workstation works with another line key; nothing was changed: give it the right key file")
            }
            // A copy made before joining has another id than the original from now on.
            if session.link.line == nil { try session.takeNewID() }
            session.link.line = answer.line
            session.link.lineName = answer.lineName
            session.link.server = server
            session.link.token = answer.token
            session.link.name = name
            session.link.keyEpoch = Int64(key.epoch)
            session.link.keySecret = key.secretForStorage
        }
    }

    /// Where and as whom the replica syncs; nil before it has joined.
    public func enrolment() throws -> Enrolment? {
        try mappingErrors {
            try readers.read { connection in
                let link = try Link(connection)
                guard let line = link.line, let server = link.server, let token = link.token else { return nil }
                return Enrolment(
                    line: line, lineName: link.lineName ?? "", server: server, token: token, name: link.name ?? "")
            }
        }
    }

    func lineKey() throws -> LineKey? {
        try mappingErrors {
            try readers.read { connection in
                let link = try Link(connection)
                guard let epoch = link.keyEpoch, let secret = link.keySecret else { return nil }
                return LineKey(epoch: UInt32(truncatingIfNeeded: epoch), secret: secret)
            }
        }
    }
}

/// How a replica is tied to its line.
public struct Enrolment: Sendable {
    public var line: LineID
    public var lineName: String
    public var server: String
    public var token: String
    public var name: String
}
