import SQLite
public import SyncProtocol
public import Trust

extension SQLiteChangeLog {
    public func keep(_ part: UnsentPart, of device: Device, now: Int64) async throws {
        try await write { connection, _ in
            guard let known = try DeviceTable(connection: connection).find(device.id), known.isRemoved,
                !known.isBlocked, let line = try LineTable(connection: connection).find(device.line)
            else { throw ChangeLogError.notRemoved }
            let table = UnsentTable(connection: connection)
            let bytes = try table.bytes(line: line.ref, without: part, of: known)
            guard bytes + Int64(part.page.count) <= UnsentRules.lineBytes else { throw ChangeLogError.noRoomForUnsent }
            try table.save(part, of: known, now: now)
        }
    }

    public func unsent(of line: LineID) throws -> [UnsentList.Item] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try UnsentTable(connection: connection).all(line: state.ref)
        }
    }

    public func unsentPart(_ number: UInt64, of device: DeviceID, line: LineID) throws -> UnsentPart? {
        try read { connection in
            guard let known = try DeviceTable(connection: connection).find(device), known.line == line else {
                return nil
            }
            return try UnsentTable(connection: connection).part(number, of: known)
        }
    }

    public func discardUnsent(of device: DeviceID, by lead: Device) async throws {
        try await write { connection, _ in
            let devices = DeviceTable(connection: connection)
            try devices.checkStanding(lead)
            guard let known = try devices.find(device), known.line == lead.line else { return }
            try UnsentTable(connection: connection).remove(known)
        }
    }
}
