import PostgreSQL
import SyncProtocol
import Trust

/// The table `epoch_box`.
enum BoxRows {
    static let ofDevice = SQLStatement(
        "SELECT epoch, box FROM epoch_box WHERE line = $1 AND device = $2 ORDER BY epoch DESC")
    static let holders = SQLStatement("SELECT DISTINCT device FROM epoch_box WHERE line = $1 AND epoch = $2")
    static let authors = SQLStatement(
        "SELECT author FROM epoch_box WHERE line = $1 AND epoch = $2 AND device = $3 ORDER BY author")
    static let insertion = SQLStatement(
        "INSERT INTO epoch_box (line, epoch, device, author, box) VALUES ($1, $2, $3, $4, $5)")
    static let deletion = SQLStatement(
        "DELETE FROM epoch_box WHERE line = $1 AND epoch = $2 AND device = $3 AND author = $4")
    static let deletionOfDevice = SQLStatement(
        "DELETE FROM epoch_box WHERE line = $1 AND epoch = $2 AND device = $3")
    static let deletionAfter = SQLStatement("DELETE FROM epoch_box WHERE line = $1 AND epoch > $2")
    static let deletionThrough = SQLStatement("DELETE FROM epoch_box WHERE line = $1 AND epoch <= $2")
    static let statements = [
        ofDevice, holders, authors, insertion, deletion, deletionOfDevice, deletionAfter, deletionThrough,
    ]

    static func devices(_ rows: Rows) -> [DeviceID] { rows.indices.compactMap { DeviceID(rows[$0].bytes(0)) } }

    /// The parameters of what is done with one place.
    static func add(_ box: EpochBox, line: LineID, _ parameters: inout Parameters) {
        parameters.add(line.bytes)
        parameters.add(Int64(box.epoch))
        parameters.add(box.device.bytes)
    }
}

/// The table `checkpoint`: the latest of each workstation. The server cannot read them.
enum CheckpointRows {
    static let all = SQLStatement(
        """
        SELECT d.id, c.epoch, c.sealed FROM checkpoint c JOIN device d ON d.line = c.line AND d.device = c.device
        WHERE c.line = $1 AND d.standing = \(DeviceRow.Standing.present.rawValue) ORDER BY d.device
        LIMIT \(SealedCheckpoint.limit)
        """)
    static let saving = SQLStatement(
        """
        INSERT INTO checkpoint (line, device, epoch, sealed) VALUES ($1, $2, $3, $4)
        ON CONFLICT (line, device) DO UPDATE SET epoch = excluded.epoch, sealed = excluded.sealed
        """)
    static let statements = [all, saving]

    static func decode(_ row: Row) -> SealedCheckpoint? {
        DeviceID(row.bytes(0)).map {
            SealedCheckpoint(device: $0, epoch: UInt32(truncatingIfNeeded: row.integer(1)), sealed: row.bytes(2))
        }
    }
}
