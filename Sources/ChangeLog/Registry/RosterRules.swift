import Trust

/// What becomes of entries that somebody hands over, over values alone.
enum RosterRules {
    enum Decision: Sendable {
        /// The roster stays as it is: it has all of it, or more, or a branch that counts before theirs.
        case nothing
        /// The roster is another one from this number on: longer, or the branch that counts.
        case change(Roster, from: UInt64, lost: [SignedEntry])
    }

    /// Up to the first entry that is not valid; those before it count.
    ///
    /// - Parameter isNew: only what follows the last entry is taken.
    ///
    /// Errors: why the first new one is not valid; `undecided` where a person has to decide.
    static func decide(_ held: Roster, _ offered: [SignedEntry], isNew: Bool) throws(RosterError) -> Decision {
        if isNew, offered.first?.entry.previous != held.state.head { return .nothing }
        do throws(RosterError) {
            return try decision(held, offered)
        } catch {
            let valid = offered.prefix { $0.entry.number != error.number }
            guard error.code != .undecided, !valid.isEmpty, valid.count < offered.count else { throw error }
            let decision = try decision(held, Array(valid))
            if case .nothing = decision { throw error }
            return decision
        }
    }

    private static func decision(_ held: Roster, _ offered: [SignedEntry]) throws(RosterError) -> Decision {
        switch try held.compared(with: offered) {
        case .equal, .ahead, .ours: .nothing
        case .behind(let roster): .change(roster, from: UInt64(held.count), lost: [])
        case .theirs(let roster, let number, let lost): .change(roster, from: number, lost: lost)
        }
    }
}

extension RosterState {
    /// The epoch that was the newest before the entry of this number.
    func epoch(before number: UInt64) -> UInt32 { UInt32(epochs.prefix { $0.begun < number }.count) }
}
