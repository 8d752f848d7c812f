public import Trust

extension AuditEntry.Act {
    /// As lists show it.
    public var name: String {
        switch self {
        case .restored: "restored"
        case .operatorAdded: "operator-added"
        case .operatorRemoved: "operator-removed"
        case .founderInvited: "founder-invited"
        case .founded: "founded"
        case .recoveryInvited: "recovery-invited"
        case .withdrawn: "withdrawn"
        case .blocked: "revoked"
        case .labelled: "renamed"
        case .rosterReplaced: "roster-replaced"
        case .lineAwaited: "line-awaited"
        case .lineBroughtBack: "line-brought-back"
        case .minimumSet: "minimum-version-set"
        case .quotaSet: "quota-set"
        }
    }
}
