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

    /// Whether somebody who is to have the newest key has no box of it.
    func isLacking(_ roster: RosterState) throws -> Bool {
        let holders = try holders(epoch: roster.epoch)
        return roster.keyHolders.contains { !holders.contains($0) }
    }

    /// Keeps a box, if ``BoxRules`` says so.
    func add(_ box: EpochBox, by author: DeviceID, _ roster: RosterState) throws {
        switch BoxRules.decide(author, kept: try authors(of: box), roster) {
        case .passOver: return
        case .add: break
        case .replace(let other): try delete(box, by: other)
        }
        try connection.withStatement(
            "INSERT INTO epoch_box (line, epoch, device, author, box) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try bindPlace(row, box)
            try row.bind(4, author.bytes)
            try row.bind(5, box.box)
            try row.run()
        }
    }

    /// What was sealed for a branch of the roster that does not count is good for nothing.
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

    /// How many epochs' boxes are kept: one of the newest opens all keys before, and the others are for where that one is bad.
    private static let keptEpochs: UInt32 = 64

    func deleteOutdated(newest: UInt32) throws {
        guard newest > Self.keptEpochs else { return }
        try connection.withStatement("DELETE FROM epoch_box WHERE line = ? AND epoch <= ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(newest - Self.keptEpochs))
            try row.run()
        }
    }

    // MARK: One place

    private func authors(of box: EpochBox) throws -> [DeviceID] {
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

    private func delete(_ box: EpochBox, by author: DeviceID) throws {
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
