import PostgreSQL
import SyncProtocol
import Trust

extension PostgreSQLRegistryAccess {
    // MARK: Boxes and checkpoints

    func boxes(of device: DeviceID, in line: LineState) throws -> [EpochBox] {
        let rows = try connection.run(BoxRows.ofDevice) {
            $0.add(line.id.bytes)
            $0.add(device.bytes)
        }
        return rows.indices.map {
            EpochBox(
                device: device, epoch: UInt32(truncatingIfNeeded: rows[$0].integer(0)), box: rows[$0].bytes(1))
        }
    }
    func holders(of epoch: UInt32, in line: LineState) throws -> Set<DeviceID> {
        let rows = try connection.run(BoxRows.holders) {
            $0.add(line.id.bytes)
            $0.add(Int64(epoch))
        }
        return Set(BoxRows.devices(rows))
    }
    func authors(of box: EpochBox, in line: LineState) throws -> [DeviceID] {
        BoxRows.devices(try connection.run(BoxRows.authors) { BoxRows.add(box, line: line.id, &$0) })
    }
    func insert(_ box: EpochBox, by author: DeviceID, in line: LineState) throws {
        try connection.send(BoxRows.insertion) {
            BoxRows.add(box, line: line.id, &$0)
            $0.add(author.bytes)
            $0.add(box.box)
        }
    }
    func delete(_ box: EpochBox, by author: DeviceID, in line: LineState) throws {
        try connection.send(BoxRows.deletion) {
            BoxRows.add(box, line: line.id, &$0)
            $0.add(author.bytes)
        }
    }
    func deleteBoxes(after epoch: UInt32, in line: LineState) throws {
        try send(BoxRows.deletionAfter, line, epoch)
    }
    func deleteBoxes(through epoch: UInt32, in line: LineState) throws {
        try send(BoxRows.deletionThrough, line, epoch)
    }
    func deleteBoxes(of device: DeviceID, epoch: UInt32, in line: LineState) throws {
        try connection.send(BoxRows.deletionOfDevice) {
            $0.add(line.id.bytes)
            $0.add(Int64(epoch))
            $0.add(device.bytes)
        }
    }
    private func send(_ statement: SQLStatement, _ line: LineState, _ epoch: UInt32) throws {
        try connection.send(statement) {
            $0.add(line.id.bytes)
            $0.add(Int64(epoch))
        }
    }
    func checkpoints(of line: LineState) throws -> [SealedCheckpoint] {
        let rows = try connection.run(CheckpointRows.all) { $0.add(line.id.bytes) }
        return rows.indices.compactMap { CheckpointRows.decode(rows[$0]) }
    }
    func save(_ checkpoint: SealedCheckpoint, of device: Device) throws {
        try connection.send(CheckpointRows.saving) {
            $0.add(device.line.bytes)
            $0.add(device.reference)
            $0.add(Int64(checkpoint.epoch))
            $0.add(checkpoint.sealed)
        }
    }

    // MARK: Invitations

    func invitations(of line: LineID?) throws -> [Invited] {
        let rows =
            if let line { try connection.run(InvitationRows.ofLine) { $0.add(line.bytes) } } else {
                try connection.run(InvitationRows.founding)
            }
        return try rows.indices.map { try InvitationRows.decode(rows[$0]) }
    }
    func save(_ invited: Invited) throws { try InvitationRows.save(invited, connection) }
    func deleteInvitations(expiredBefore time: Int64) throws {
        for statement in [InvitationRows.secretDeletion, InvitationRows.deletion] {
            try connection.send(statement) { $0.add(time) }
        }
    }
    func insert(_ secret: InvitationRequest.SealedSecret, of invitation: InvitationID) throws {
        try connection.send(InvitationRows.secretInsertion) {
            $0.add(invitation.bytes)
            $0.add(secret.device.bytes)
            $0.add(secret.box)
        }
    }
    func secret(of invitation: InvitationID, for device: DeviceID) throws -> [UInt8]? {
        let rows = try connection.run(InvitationRows.secret) {
            $0.add(invitation.bytes)
            $0.add(device.bytes)
        }
        return rows.first?.bytes(0)
    }

    // MARK: Operators

    func administrator(_ id: OperatorID) throws -> Administrator? {
        try connection.run(OperatorRows.find) { $0.add(id.bytes) }.first.map(OperatorRows.decode)
    }
    func administrators() throws -> [Administrator] {
        let rows = try connection.run(OperatorRows.all)
        return rows.indices.map { OperatorRows.decode(rows[$0]) }
    }
    func save(_ administrator: Administrator) throws { try OperatorRows.save(administrator, connection) }
    func deleteAdministrator(_ id: OperatorID) throws {
        try connection.send(OperatorRows.deletion) { $0.add(id.bytes) }
    }

    func audit(from number: UInt64, limit: Int) throws -> [AuditEntry] {
        let rows = try connection.run(AuditRows.entries) {
            $0.add(Int64(clamping: number))
            $0.add(Int64(limit))
        }
        return try rows.indices.map { try .kept(rows[$0].bytes(0)) }
    }
    func insert(_ entry: AuditEntry, request: [UInt8]?) throws {
        try connection.send(AuditRows.insertion) {
            $0.add(word: entry.number)
            $0.add(entry.encoded())
            $0.add(request)
        }
    }
}
