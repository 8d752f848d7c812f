import SyncProtocol
import Trust

extension StoredRegistry {
    func keep(_ part: UnsentPart, of device: Device, now: Int64) async throws {
        try await store.writeRegistry { access in
            // The line first: parts that come at once are counted one after the other.
            guard let line = try access.line(device.line), let known = try access.device(device.id), known.isRemoved,
                !known.isBlocked, known.line == line.id
            else { throw ChangeLogError.notRemoved }
            // Parts of two attempts are never taken for one, and an old one takes the place of none.
            let latest = try access.unsentAttempt(of: known)
            guard part.attempt >= latest else { throw ChangeLogError.outdatedUnsent }
            if part.attempt > latest { try access.deleteUnsent(of: known) }
            let (ofLine, ofDevice) = try access.unsentBytes(in: line, without: part, of: known)
            let size = Int64(part.page.count)
            guard ofLine + size <= UnsentRules.lineBytes, ofDevice + size <= UnsentRules.deviceBytes else {
                throw ChangeLogError.noRoomForUnsent
            }
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

    func discardUnsent(of device: DeviceID, attempt: UInt64, by lead: Device) async throws {
        try await store.writeRegistry { access in
            try access.checkStanding(lead, asLead: false)
            guard let known = try access.device(device), known.line == lead.line else { return }
            // Another attempt has not been read.
            guard try access.unsentAttempt(of: known) == attempt else { return }
            try access.deleteUnsent(of: known)
        }
    }
}
