import SQLite

/// The tables that are the same in every replica. Each has one owner, with its definition and all of its SQL; the
/// program's own collections stand in tables of their own, made by `SchemaMigration`.
enum Tables {
    /// "LUGN": how a replica's file says whose it is.
    static let applicationID: Int32 = 0x4C55_474E
    /// The version of these tables. Any other one is refused.
    static let formatVersion: Int32 = 2

    static let definitions = [
        ReplicaState.definition, Link.definition, Outbox.definition, SiblingStore.definition, Tombstones.definition,
        ParkedValues.definition, Claims.definition, SetAside.definition, LateChanges.definition, Leases.definition,
        DateClockTable.definition,
        HomePlace.definition, RosterTable.definition, JoinTable.definition, CheckpointTable.definition,
        SchemaMigration.definition,
    ]
}
