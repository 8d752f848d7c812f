public import Casework
import Merge
import Replica
import SQLite
import Support

/// One commit that only this computer has: it waits to be sent, or the server can never take it.
public struct WaitingWork: Sendable {
    public var number: UInt64
    /// By this computer's clock, in milliseconds since 1970.
    public var at: Int64
    /// The case that it is of; nil for what belongs to the line.
    public var reference: CaseReference?
    /// What was done, by names of collections: `cases`, `notes`. What was only changed has `+` behind it, what was
    /// erased `-`.
    public var parts: [String]
    /// Texts of notes, to be read; empty where they can be read in their case.
    public var texts: [String]
}

extension Workstation {
    /// What waits to be sent, the oldest first. Cost: what is listed, at most 50 commits.
    public func waitingWork() throws -> [WaitingWork] { try work(replica.waitingChanges(), withTexts: false) }

    /// What the server can never take, the latest first, with its texts.
    public func setAsideWork() throws -> [WaitingWork] { try work(replica.setAsideChanges(), withTexts: true) }

    /// Throws away what the server can never take. Errors: `unknownDraft` where it is gone already.
    public func discardSetAside(_ number: UInt64) throws {
        guard try replica.discardSetAside(number) else {
            throw WorkstationError(.unknownDraft, "it is not there any more; nothing was changed")
        }
        changes.tell([])
    }

    private func work(_ changes: [WaitingChange], withTexts: Bool) throws -> [WaitingWork] {
        var order: [UInt64] = []
        var byCommit: [UInt64: [WaitingChange]] = [:]
        for change in changes {
            if byCommit[change.commit] == nil { order.append(change.commit) }
            byCommit[change.commit, default: []].append(change)
        }
        return try order.compactMap { number in
            guard let all = byCommit[number], let first = all.first else { return nil }
            return WaitingWork(
                number: number, at: first.writtenAt, reference: try reference(of: all), parts: parts(of: all),
                texts: withTexts ? all.compactMap(text) : [])
        }
    }

    private func text(_ change: WaitingChange) -> String? {
        guard change.collection == CaseworkSchema.Notes.collection.number, case .text(let text)? = change.values["text"]
        else { return nil }
        return text
    }

    private func parts(of changes: [WaitingChange]) -> [String] {
        // A record that was made in this commit is not also told as changed.
        let made = Set(changes.filter { $0.fields.contains("at") || $0.kind == .add }.map(\.record))
        var parts: [String] = []
        for change in changes {
            guard let collection = CaseworkSchema.schema.collection(change.collection) else { continue }
            let sign =
                switch change.kind {
                case .add: ""
                case .put: isNew(change, made) ? "" : "+"
                case .erase: "-"
                }
            let part = collection.name + sign
            if !parts.contains(part) { parts.append(part) }
        }
        return parts
    }

    /// A put that sets when the record was made is the one that made it.
    private func isNew(_ change: WaitingChange, _ made: Set<RecordID>) -> Bool {
        made.contains(change.record) || change.fields.contains("opened_at")
    }

    /// The case of the first change that is of one: what a commit changes is of one case, but for imports.
    private func reference(of changes: [WaitingChange]) throws -> CaseReference? {
        try replica.read { snapshot in
            for change in changes.prefix(8) {
                for id in [change.record] + change.path {
                    let numbers = try snapshot.query(
                        "SELECT number FROM numbers WHERE parent = ? ORDER BY id LIMIT 1", [.reference(id)]
                    ) { $0.optionalText(0) }
                    if let digits = numbers.first ?? nil, let number = ReferenceNumber(digits: digits) {
                        return CaseReference(number)
                    }
                }
            }
            return nil
        }
    }
}

/// Conflicts that were settled on this page, for as long as they may be decided the other way round.
final class SettledConflicts: Sendable {
    private let settled = Lock<[String: (conflict: CaseConflict, tookOther: Bool)]>([:])

    func remember(_ conflict: CaseConflict, tookOther: Bool) {
        settled.withLock { settled in
            if settled.count >= 100 { settled.removeAll() }
            settled[conflict.id] = (conflict, tookOther)
        }
    }

    func take(_ id: String) -> (conflict: CaseConflict, tookOther: Bool)? {
        settled.withLock { $0.removeValue(forKey: id) }
    }
}

extension Workstation {
    /// Settles a conflict, so that it can be taken back. Errors: `unknownConflict`.
    public func settle(_ id: String, takeOther: Bool) throws {
        guard let conflict = try casework.conflicts().first(where: { $0.id == id }) else {
            try casework.settle(id, takeOther: takeOther)  // says that there is none
            return
        }
        try casework.settle(id, takeOther: takeOther)
        settled.remember(conflict, tookOther: takeOther)
    }

    /// Decides a conflict that was settled here the other way round. Errors: `unknownConflict` where somebody has written
    /// there since, or it was not settled here.
    public func reverse(_ id: String) throws {
        guard let (conflict, tookOther) = settled.take(id) else {
            try casework.settle(id, takeOther: false)  // says that there is none
            return
        }
        try casework.reverse(conflict, tookOther: tookOther)
        settled.remember(conflict, tookOther: !tookOther)
    }
}
