import SQLite
import SyncProtocol
import Trust

/// The table `checkpoint`: the latest of each workstation. The server cannot read them.
struct CheckpointTable {
    let connection: Connection
    let line: Int64

    /// Of those that are present.
    func all() throws -> [SealedCheckpoint] {
        try connection.withStatement(
            """
            SELECT d.id, c.epoch, c.sealed FROM checkpoint c JOIN device d ON d.ref = c.device
            WHERE d.line = ? AND d.standing = \(DeviceRow.Standing.present.rawValue) ORDER BY d.ref
            LIMIT \(SealedCheckpoint.limit)
            """
        ) { row in
            try row.bind(1, line)
            var checkpoints: [SealedCheckpoint] = []
            while try row.step() {
                guard let device = DeviceID(row.bytes(0)) else { continue }
                checkpoints.append(
                    SealedCheckpoint(
                        device: device, epoch: UInt32(truncatingIfNeeded: row.integer(1)), sealed: row.bytes(2)))
            }
            return checkpoints
        }
    }

    func save(_ checkpoint: SealedCheckpoint, of device: Device) throws {
        try connection.withStatement("INSERT OR REPLACE INTO checkpoint (device, epoch, sealed) VALUES (?, ?, ?)") {
            row in
            try row.bind(1, device.reference)
            try row.bind(2, Int64(checkpoint.epoch))
            try row.bind(3, checkpoint.sealed)
            try row.run()
        }
    }
}
