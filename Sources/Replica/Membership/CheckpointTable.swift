import SQLite
public import Trust

/// What came of comparing with another workstation.
public struct Comparison: Sendable, Hashable {
    public var device: DeviceID
    /// Both held the same at the same place of the log.
    public var isEqual: Bool
    /// When that one took its sum, by its clock: milliseconds since 1970.
    public var milliseconds: Int64

    public init(device: DeviceID, isEqual: Bool, milliseconds: Int64) {
        self.device = device
        self.isEqual = isEqual
        self.milliseconds = milliseconds
    }
}

/// Owner of `lugn_checkpoint`.
struct CheckpointTable {
    let connection: Connection

    static let definition = """
        -- The latest comparison with each other workstation.
        CREATE TABLE lugn_checkpoint (
            device BLOB PRIMARY KEY, is_equal INTEGER NOT NULL, milliseconds INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    func all() throws -> [Comparison] {
        try connection.withStatement(
            "SELECT device, is_equal, milliseconds FROM lugn_checkpoint ORDER BY milliseconds DESC"
        ) { row in
            var comparisons: [Comparison] = []
            while try row.step() {
                guard let device = DeviceID(row.bytes(0)) else { continue }
                comparisons.append(
                    Comparison(device: device, isEqual: row.integer(1) != 0, milliseconds: row.integer(2)))
            }
            return comparisons
        }
    }

    /// An older one than is known changes nothing: a server may hand it out again.
    func keep(_ comparison: Comparison) throws {
        try connection.withStatement(
            """
            INSERT INTO lugn_checkpoint (device, is_equal, milliseconds) VALUES (?1, ?2, ?3)
            ON CONFLICT (device) DO UPDATE SET is_equal = ?2, milliseconds = ?3 WHERE milliseconds < ?3
            """
        ) { row in
            try row.bind(1, comparison.device.bytes)
            try row.bind(2, comparison.isEqual ? Int64(1) : 0)
            try row.bind(3, comparison.milliseconds)
            try row.run()
        }
    }
}
