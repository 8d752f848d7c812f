import SyncProtocol
import Trust

extension StoredRegistry {
    func keep(_ part: UnsentPart, of device: Device, now: Int64) async throws {
        try await store.writeRegistry { access in
            // The line first: parts that come at once are counted one after the other.
            guard let line = try access.line(device.line), let known = try access.device(device.id), known.isRemoved,
                !known.isBlocked, known.line == line.id
            else { throw ChangeLogError.notRemoved }
            let bytes = try access.unsentBytes(in: line, without: part, of: known)
            guard bytes + Int64(part.page.count) <= UnsentRules.lineBytes else { throw ChangeLogError.noRoomForUnsent }
            // The first part begins anew: parts of two attempts are never taken for one.
            if part.number == 0 { try access.deleteUnsent(of: known) }
            try access.save(part, of: known, now: now)
        }
    }

    func unsent(of line: LineID) throws -> [UnsentList.Item] {
        try store.readRegistry { access in try access.line(line).map { try access.unsent(in: $0) } ?? [] }
    }

    func unsentPart(_ number: UInt64, of device: DeviceID, line: LineID) throws -> UnsentPart? {
        try store.readRegistry { access in
            guard let known = try access.device(device), known.line == line else { return nil }
            return try access.unsentPart(number, of: known)
        }
    }

    func discardUnsent(of device: DeviceID, by lead: Device) async throws {
        try await store.writeRegistry { access in
            try access.checkStanding(lead, asLead: false)
            guard let known = try access.device(device), known.line == lead.line else { return }
            try access.deleteUnsent(of: known)
        }
    }
}
