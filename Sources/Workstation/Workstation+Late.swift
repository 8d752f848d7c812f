public import Casework
import Replica
import Support
import SyncClient
import SyncProtocol
public import Trust

// What came in another way than it should, and waits for a lead: work that a removed workstation had not sent, and changes that
// were written with a key of before.

extension Workstation {
    private var lead: Lead { Lead(client) }

    /// What removed workstations had not sent, and no lead has dealt with. Errors of this and the next three: `SyncError`.
    public func unsentWork() async throws -> [UnsentList.Item] { try await lead.unsentWork() }

    /// Reads it; nothing is changed. What is taken in or dropped afterwards is this.
    public func readUnsent(of desk: DeviceID) async throws -> [UnsentItem] {
        let work = try await lead.unsentWork(of: desk)
        let items = try casework.readUnsent(work.pages)
        readWork.withLock { $0[desk] = work }
        return items
    }

    /// Takes in what was read, as if it had arrived; repeating it is safe. Returns how many records it changed.
    ///
    /// Errors: `nothingUnsent` where nothing was read since this program started.
    public func takeInUnsent(of desk: DeviceID) async throws -> Int {
        guard let work = readWork.withLock({ $0[desk] }) else {
            throw SyncError(.nothingUnsent, "this was not read yet; nothing was changed: read it first")
        }
        defer { changes.tell([]) }
        return try await lead.takeIn(work)
    }

    /// Drops what was read, or, where nothing was, what there is: nobody takes it in any more. It stays on the workstation that wrote it.
    public func discardUnsent(of desk: DeviceID) async throws {
        var attempt = readWork.withLock { $0[desk]?.attempt }
        if attempt == nil { attempt = try await unsentWork().first { $0.device == desk }?.attempt }
        guard let attempt else { return }
        try await lead.discardUnsent(of: desk, attempt: attempt)
    }

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
