import Trust

/// Whose boxes are kept for one workstation and epoch. The server cannot tell a good one from a bad one.
enum BoxRules {
    /// How many are kept, each of another author.
    static let candidates = 4
    /// How many epochs' boxes are kept: one of the newest opens all keys before, and the others are for where that one is bad.
    static let keptEpochs: UInt32 = 64

    enum Decision: Equatable {
        case add
        /// In the place of this author's.
        case replace(DeviceID)
        case passOver
    }

    /// A box of one's own takes the place of the one before. When there are enough, one of somebody who was removed gives way,
    /// and one of no lead to a lead's: those who let others in can always fill one in.
    static func decide(_ author: DeviceID, kept: [DeviceID], _ roster: RosterState) -> Decision {
        if kept.contains(author) { return .replace(author) }
        if kept.count < candidates { return .add }
        if let gone = kept.first(where: { roster.member($0) == nil }) { return .replace(gone) }
        if roster.isLead(author), let other = kept.first(where: { !roster.isLead($0) }) { return .replace(other) }
        return .passOver
    }
}
