import Sealing
import SyncProtocol

/// What sealing needs; exists only for a replica that has joined.
struct SessionKeys {
    let line: LineID
    let sealer: Sealer

    init(_ link: Link) throws {
        guard let line = link.line, let epoch = link.keyEpoch, let secret = link.keySecret,
            let key = LineKey(epoch: UInt32(truncatingIfNeeded: epoch), secret: secret)
        else {
            throw ReplicaError(.notJoined, "this workstation has not joined a line; its work is safe here: join first")
        }
        self.line = line
        sealer = Sealer(line: line, key: key)
    }
}
