import Merge
import SQLite
import SyncProtocol

/// Compares a line's rows with the hashes that were taken when they came in, and its sums with its rows.
struct Verifier {
    let connection: Connection
    let line: LineID

    /// What is wrong, found by reading only.
    func look() throws -> LineVerification? {
        guard let state = try LineTable(connection: connection).find(line) else { return nil }
        let changes = ChangeTable(connection: connection, line: state.ref)
        let damaged = try changes.damaged().count
        let isSumRight = try state.hasRightSums(changes)
        return LineVerification(
            damagedChanges: damaged, isSumRight: isSumRight, setAsideChanges: try changes.setAsideCount())
    }

    /// Notes that nothing was wrong.
    func noteSound(now: Int64) throws {
        guard var state = try LineTable(connection: connection).find(line) else { return }
        state.verified = VerificationNote(at: now, damagedChanges: 0, isSumRight: true)
        try LineTable(connection: connection).save(state)
    }

    /// Sets damaged changes aside and computes the sums anew. Who was proven equal was so with what was there before.
    func mend(now: Int64) throws -> LineVerification {
        guard var state = try LineTable(connection: connection).find(line) else {
            throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
        }
        let changes = ChangeTable(connection: connection, line: state.ref)
        let tombstones = TombstoneTable(connection: connection, line: state.ref)
        let isSumRight = try state.hasRightSums(changes)
        let damaged = try changes.damaged()
        for key in damaged {
            try tombstones.lose(erasureAt: key)
            try changes.setAside(key, now: now)
        }
        try tombstones.loseThoseWithoutChange()
        state.fingerprint = try changes.fingerprint()
        (state.liveChanges, state.sealedBytes) = try changes.counts()
        state.removals += 1
        state.scrub = nil
        state.scrubbedAt = now
        state.verified = VerificationNote(at: now, damagedChanges: damaged.count, isSumRight: isSumRight)
        try LineTable(connection: connection).save(state)
        if !damaged.isEmpty || !isSumRight {
            try ReplicaTable(connection: connection).forgetAgreement(line: state.ref)
        }
        return LineVerification(
            damagedChanges: damaged.count, isSumRight: isSumRight, setAsideChanges: try changes.setAsideCount())
    }
}

extension LineState {
    fileprivate func hasRightSums(_ changes: ChangeTable) throws -> Bool {
        let counts = try changes.counts()
        return try changes.fingerprint() == fingerprint && counts == (liveChanges, sealedBytes)
    }
}

extension ChangeTable {
    fileprivate func fingerprint() throws -> Fingerprint {
        var sum = Fingerprint()
        for item in try items(in: .all) { sum.add(item.hash) }
        return sum
    }
}
