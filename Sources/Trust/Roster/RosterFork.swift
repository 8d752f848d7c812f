/// What to make of entries that somebody else has of the same line.
///
/// A chain that is shorter is behind, and no other one: a server that was put back is given what it lost. Two leads who went on
/// from a server that was put back have made two branches; which one counts is decided by what they do, so that everybody comes
/// to the same end.
public enum RosterComparison: Sendable {
    case equal
    /// They have more: here is what follows ours.
    case behind(Roster)
    /// They have less: they can be given our entries from this number on.
    case ahead(from: UInt64)
    /// Two branches from this number on, of which theirs counts. What ours did is not done any more.
    case theirs(Roster, from: UInt64, lost: [SignedEntry])
    /// Two branches from this number on, of which ours counts: they can be given it.
    case ours(from: UInt64)
}

extension Roster {
    /// Compares with entries of another chain of the line.
    ///
    /// - Parameter theirs: consecutive entries; the first one's number is at most ``count``.
    ///
    /// Errors: what makes one of their entries invalid; `undecided` where both branches take rights away or change keys, and
    /// a person has to decide with the recovery sheet.
    public func compared(with theirs: [SignedEntry]) throws(RosterError) -> RosterComparison {
        guard let first = theirs.first else { return .equal }
        guard first.entry.number <= UInt64(count) else { throw RosterError(.notNext, number: first.entry.number) }
        let start = Int(first.entry.number)
        let shared = zip(entries[start...], theirs).prefix { $0.entry.hash == $1.entry.hash }.count
        let common = start + shared
        let theirRest = Array(theirs[shared...])
        if theirRest.isEmpty { return common == count ? .equal : .ahead(from: UInt64(common)) }
        guard common > 0 else { throw RosterError(.otherLine, number: 0) }
        guard common > start || start == 0 || theirRest[0].entry.previous == entries[common - 1].entry.hash else {
            throw RosterError(.notNext, number: first.entry.number)
        }
        var branch = common == count ? self : try prefix(common)
        for entry in theirRest { try branch.append(entry) }
        if common == count { return .behind(branch) }
        let ourRest = Array(entries[common...])
        return try Self.isFirst(ourRest, before: theirRest, since: prefix(common).state)
            ? .ours(from: UInt64(common)) : .theirs(branch, from: UInt64(common), lost: ourRest)
    }

    /// Which of two branches counts: the only one with a recovery, else the only one that takes rights away or changes keys;
    /// if neither does, the one whose first entry has the lower hash.
    private static func isFirst(
        _ left: [SignedEntry], before right: [SignedEntry], since state: RosterState
    ) throws(RosterError) -> Bool {
        let (leftWeight, rightWeight) = (weight(left, since: state), weight(right, since: state))
        if leftWeight != rightWeight { return leftWeight > rightWeight }
        guard leftWeight == .none, let left = left.first, let right = right.first else {
            throw RosterError(.undecided, number: left.first?.entry.number ?? 0)
        }
        return left.entry.hash.lexicographicallyPrecedes(right.entry.hash)
    }

    private enum Weight: Int, Comparable {
        case none, takesRights, recovers
        static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }

    private static func weight(_ branch: [SignedEntry], since state: RosterState) -> Weight {
        var leads = Set(state.leads)
        var weight = Weight.none
        for signed in branch {
            switch signed.entry.act {
            case .recover: return .recovers
            case .remove, .rotate: weight = .takesRights
            case .role(let device, .lead): leads.insert(device)
            case .role(let device, .counsellor): if leads.contains(device) { weight = .takesRights }
            case .admit(let admission): if admission.role == .lead { leads.insert(admission.member.keys.id) }
            default: break
            }
        }
        return weight
    }
}

extension Roster {
    /// What a workstation wrote on a branch that does not count, and still wants: to be written again, one after the other, each
    /// if it still may be. A key's change is not among it; a removal is, to be written with a new epoch of the branch that counts.
    ///
    /// A removal is wanted by every workstation that knew of it, whoever wrote it: a server that is put back, and a sheet, bring nobody
    /// back whom a lead removed.
    public static func wanted(of lost: [SignedEntry], by author: DeviceID) -> [RosterAct] {
        lost.filter {
            switch $0.entry.act {
            case .remove: true
            case .admit, .role, .rules, .name, .server, .keep: $0.entry.author == author
            case .found, .rotate, .recover, .other: false
            }
        }.map(\.entry.act)
    }
}
