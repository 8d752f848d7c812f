import SQLite
import SyncProtocol
import Trust

/// The table `epoch_box`.
struct BoxTable {
    let connection: Connection
    let line: Int64

    func boxes(of device: DeviceID) throws -> [EpochBox] {
        try connection.withStatement(
            "SELECT epoch, box FROM epoch_box WHERE line = ? AND device = ? ORDER BY epoch DESC"
        ) { row in
            try row.bind(1, line)
            try row.bind(2, device.bytes)
            var boxes: [EpochBox] = []
            while try row.step() {
                boxes.append(
                    EpochBox(
                        device: device, epoch: UInt32(truncatingIfNeeded: row.integer(0)), box: row.bytes(1)))
            }
            return boxes
        }
    }

    /// Who has a box of an epoch.
    func holders(epoch: UInt32) throws -> Set<DeviceID> {
        try connection.withStatement("SELECT DISTINCT device FROM epoch_box WHERE line = ? AND epoch = ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(epoch))
            var devices: Set<DeviceID> = []
            while try row.step() {
                if let device = DeviceID(row.bytes(0)) { devices.insert(device) }
            }
            return devices
        }
    }

    func insert(_ box: EpochBox, by author: DeviceID) throws {
        try connection.withStatement(
            "INSERT INTO epoch_box (line, epoch, device, author, box) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try bindPlace(row, box)
            try row.bind(4, author.bytes)
            try row.bind(5, box.box)
            try row.run()
        }
    }

    func delete(after epoch: UInt32) throws {
        try connection.withStatement("DELETE FROM epoch_box WHERE line = ? AND epoch > ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(epoch))
            try row.run()
        }
    }

    func delete(of device: DeviceID, epoch: UInt32) throws {
        try connection.withStatement("DELETE FROM epoch_box WHERE line = ? AND device = ? AND epoch = ?") { row in
            try row.bind(1, line)
            try row.bind(2, device.bytes)
            try row.bind(3, Int64(epoch))
            try row.run()
        }
    }

    func delete(through epoch: UInt32) throws {
        try connection.withStatement("DELETE FROM epoch_box WHERE line = ? AND epoch <= ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(epoch))
            try row.run()
        }
    }

    // MARK: One place

    func authors(of box: EpochBox) throws -> [DeviceID] {
        try connection.withStatement(
            "SELECT author FROM epoch_box WHERE line = ? AND epoch = ? AND device = ? ORDER BY author"
        ) { row in
            try bindPlace(row, box)
            var authors: [DeviceID] = []
            while try row.step() {
                if let author = DeviceID(row.bytes(0)) { authors.append(author) }
            }
            return authors
        }
    }

    func delete(_ box: EpochBox, by author: DeviceID) throws {
        try connection.withStatement(
            "DELETE FROM epoch_box WHERE line = ? AND epoch = ? AND device = ? AND author = ?"
        ) { row in
            try bindPlace(row, box)
            try row.bind(4, author.bytes)
            try row.run()
        }
    }

    private func bindPlace(_ row: borrowing Statement, _ box: EpochBox) throws {
        try row.bind(1, line)
        try row.bind(2, Int64(box.epoch))
        try row.bind(3, box.device.bytes)
    }
}
