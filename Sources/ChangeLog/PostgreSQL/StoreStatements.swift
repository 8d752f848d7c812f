import PostgreSQL

/// Every statement of the store, for those who read them all.
enum StoreStatements {
    /// About one line, or some: each names it first.
    static let ofLines =
        LineRows.statements + LogRows.statements + ChangeRows.statements + TombstoneRows.statements
        + PathRows.statements
        + DeviceRows.ofLines + RosterRows.ofLines + AwaitedLineRows.statements + BoxRows.statements
        + CheckpointRows.statements + UnsentRows.statements + ReplicaRows.statements + LeaseRows.statements
        + RestorationRows.statements + LookupRows.statements
    /// About who may come in, by what only they know.
    static let ofCallers =
        DeviceRows.ofCallers + RosterRows.ofCallers + InvitationRows.statements + OperatorRows.statements
    /// About the store as a whole.
    static let ofStore =
        [LineRows.all, RestorationRows.all, ChangeRows.setAsideCounts] + AuditRows.statements + StoreRows.statements
        + ProcessRows.statements + StoreSchema.statements + StoreIdentity.statements
    /// What one engine knows and another need not.
    static let optional = Session.statements + LineNews.statements + StoreSchema.compactions
}
