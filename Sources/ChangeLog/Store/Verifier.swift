import Merge
import SyncProtocol

/// Compares a line's rows with the hashes that were taken when they came in, and its sums with its rows.
struct Verifier<Access: LineAccess> {
    let access: Access
    let line: LineID

    /// What is wrong, found by reading only.
    func look() throws -> LineVerification? {
        guard let state = try access.line(line) else { return nil }
        let damaged = try access.damaged(state).count
        let isSumRight = try hasRightSums(state)
        return LineVerification(
            damagedChanges: damaged, isSumRight: isSumRight, setAsideChanges: try access.setAsideCount(state))
    }

    /// Notes that nothing was wrong. In a transaction that writes.
    func noteSound(now: Int64) throws {
        guard var state = try access.line(line) else { return }
        state.verified = VerificationNote(at: now, damagedChanges: 0, isSumRight: true)
        try access.save(state)
    }

    /// Sets damaged changes aside and computes the sums anew. Who was proven equal was so with what was there before. In a
    /// transaction that writes.
    func mend(now: Int64) throws -> LineVerification {
        guard var state = try access.line(line) else {
            throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
        }
        let isSumRight = try hasRightSums(state)
        let damaged = try access.damaged(state)
        for place in damaged { try access.setAside(place, now: now, state) }
        try access.loseErasuresWithoutChange(state)
        state.fingerprint = try fingerprint(state)
        (state.liveChanges, state.sealedBytes) = try access.counts(state)
        state.removals += 1
        state.scrub = nil
        state.scrubbedAt = now
        state.verified = VerificationNote(at: now, damagedChanges: damaged.count, isSumRight: isSumRight)
        try access.save(state)
        if !damaged.isEmpty || !isSumRight { try access.forgetAgreement(state) }
        return LineVerification(
            damagedChanges: damaged.count, isSumRight: isSumRight, setAsideChanges: try access.setAsideCount(state))
    }

    private func hasRightSums(_ state: LineState) throws -> Bool {
        let counts = try access.counts(state)
        return try fingerprint(state) == state.fingerprint && counts == (state.liveChanges, state.sealedBytes)
    }

    private func fingerprint(_ state: LineState) throws -> Fingerprint {
        var sum = Fingerprint()
        for item in try access.items(in: .all, state) { sum.add(item.hash) }
        return sum
    }
}
