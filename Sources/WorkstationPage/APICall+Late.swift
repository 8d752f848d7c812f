import Casework
import JSON
import LocalPage
import Replica
import SyncProtocol
import Trust
import Workstation

/// What waits for a lead: unsent work of removed workstations, and changes that came with a key of before.
extension APICall {
    func lateAnswer() async throws -> JSONValue {
        try requireLead()
        switch (isWrite, parts.dropFirst().first) {
        case (false, nil): return .array(try workstation.lateItems().map(lateJSON))
        case (false, "unsent"): return try await unsentListAnswer()
        case (true, "read"): return .array(try await workstation.readUnsent(of: unsentDesk()).map(unsentJSON))
        case (true, "take-in"): return ["records": JSONValue(try await workstation.takeInUnsent(of: unsentDesk()))]
        case (true, "discard"): try await workstation.discardUnsent(of: unsentDesk())
        case (true, "keep"): return ["records": JSONValue(try await workstation.keepLate(lateID()))]
        case (true, "accept"): try workstation.acceptLate(lateID())
        default: throw Problem.notFound
        }
        return [:]
    }

    private func unsentListAnswer() async throws -> JSONValue {
        let names = try workstation.lineDesks()
        return .array(
            try await workstation.unsentWork().map { item in
                [
                    "desk": .string(item.device.description),
                    "name": optional(names.first { $0.id == item.device }?.name), "isWhole": .bool(item.isWhole),
                    "at": JSONValue(item.milliseconds),
                ]
            })
    }

    private func unsentDesk() throws -> DeviceID {
        let name = try text("desk")
        guard let desk = try workstation.lineDesks().first(where: { $0.id.description == name }) else {
            throw Problem(404, "unknown-desk", "there is no such workstation in the line")
        }
        return desk.id
    }

    private func lateID() throws -> ItemReference { try ItemReference(parsing: text("id")) }

    private func unsentJSON(_ item: UnsentItem) -> JSONValue {
        let kind =
            switch item.kind {
            case .set: "set"
            case .note: "note"
            case .erasure: "erasure"
            }
        return [
            "kind": .string(kind), "collection": optional(item.collection),
            "number": optional(item.reference?.description), "at": JSONValue(item.at.milliseconds),
            "values": .array(item.values.map { ["field": .string($0.field), "text": .string($0.text)] }),
        ]
    }

    private func lateJSON(_ item: LateItem) -> JSONValue {
        let kind =
            switch item.change.kind {
            case .set: "set"
            case .note: "note"
            case .erasure: "erasure"
            }
        return [
            "id": .string(item.id.description), "kind": .string(kind),
            "collection": optional(item.change.collection?.name), "number": optional(item.reference?.description),
            "at": JSONValue(item.change.metAt), "held": JSONValue(item.change.heldCount),
            "isKept": .bool(item.change.isKept), "destroyedAt": optional(item.change.destroyedAt),
            "values": .array(item.before.map { ["field": .string($0.field), "text": .string($0.text)] }),
        ]
    }
}
