public import Casework
import Replica
import SyncClient
import SyncProtocol
public import Trust

// What came in another way than it should, and waits for a lead: work that a removed workstation had not sent, and changes that
// were written with a key of before.

extension Workstation {
    private var lead: Lead { Lead(client) }

    /// What removed workstations had not sent, and no lead has dealt with. Errors of this and the next three: `SyncError`.
    public func unsentWork() async throws -> [UnsentList.Item] { try await lead.unsentWork() }

    /// Reads it; nothing is changed.
    public func readUnsent(of desk: DeviceID) async throws -> [UnsentItem] {
        try casework.readUnsent(await lead.unsentPages(of: desk))
    }

    /// Takes it in, as if it had arrived; repeating it is safe. Returns how many records it changed.
    public func takeInUnsent(of desk: DeviceID) async throws -> Int {
        defer { changes.tell([]) }
        return try await lead.takeInUnsent(of: desk)
    }

    /// Drops it: nobody takes it in any more. It stays on the workstation that wrote it.
    public func discardUnsent(of desk: DeviceID) async throws { try await lead.discardUnsent(of: desk) }

    /// Changes that came with a key of before, and that nobody has dealt with at this workstation.
    public func lateItems() throws -> [LateItem] { try casework.lateItems() }

    /// Leaves one as it is; what an erasure took away is destroyed. Errors: `unknownItem`.
    public func acceptLate(_ item: ItemReference) throws {
        try casework.accept(casework.lateItem(item))
        changes.tell([])
    }

    /// Says for all of the line that an erasure is not to be obeyed, and writes anew what it took away. Returns how many records.
    ///
    /// Errors: `badForm` for what is no erasure; `unknownItem`; `SyncError`, among them `notLead`. Nothing was changed then.
    public func keepLate(_ item: ItemReference) async throws -> Int {
        let item = try casework.lateItem(item)
        guard item.change.kind == .erasure else {
            throw WorkstationError(.badForm, "nothing was erased by this change; nothing was changed")
        }
        defer { changes.tell([]) }
        try await lead.keep(item.change.record)
        return try casework.restore(item)
    }
}
