import Merge
import SyncProtocol

/// One line of a store within one transaction: what a healing and a verification read and write, whatever the store.
///
/// What is written may reach the store as late as with the end of the transaction; what is read shows it all the same.
protocol LineAccess {
    /// The line; in a transaction that writes, nobody else writes it until its end.
    func line(_ id: LineID) throws -> LineState?
    /// Throws `revoked` if the device was revoked since it was let in.
    func checkStanding(_ device: Device) throws
    func replica(_ id: ReplicaID, _ line: LineState) throws -> ReplicaState?
    /// Whether a cursor stands in the line's log: same log, same history up to there.
    func contains(_ cursor: Cursor, _ line: LineState) throws -> Bool

    // MARK: Records

    /// The records of a range, erased ones too, in order.
    func records(in range: RecordRange, limit: Int, _ line: LineState) throws -> [RecordID]
    /// The records of which something was handed out behind a position.
    func records(after position: UInt64, _ line: LineState) throws -> [RecordID]
    /// Everything that a range holds, each record with its hash, in order of id.
    func items(in range: RecordRange, _ line: LineState) throws -> [SumIndex.Item]
    /// What changes with these headers touch, and these other records.
    func read(_ headers: [ChangeHeader], others: [RecordID], _ line: LineState) throws -> WorkingSet
    /// Appends what is held of one record, each change as a commit of its own.
    func append(record: RecordID, _ line: LineState, to assembler: inout PageAssembler) throws

    /// Carries out what was decided since it was last asked for.
    func write(_ set: inout WorkingSet) throws
    func save(_ line: LineState) throws

    // MARK: Damage

    /// The places of changes that are not what came in. Cost: reads the whole line once.
    func damaged(_ line: LineState) throws -> [ChangePlace]
    /// The same for so many rows behind a key of the store's own; 0: from the first. `last` is the key to go on behind, nil
    /// where the line ends before that.
    func damaged(after key: Int64, limit: Int, _ line: LineState) throws -> (damaged: [ChangePlace], last: Int64?)
    /// Keeps a damaged change apart: it counts as not held from now on, so that a healing brings it back. What it erased
    /// stays erased.
    func setAside(_ place: ChangePlace, now: Int64, _ line: LineState) throws
    /// Erasures whose changes are gone: they hold on, and are taken again.
    func loseErasuresWithoutChange(_ line: LineState) throws
    /// No replica counts as proven equal any more.
    func forgetAgreement(_ line: LineState) throws
    func setAsideCount(_ line: LineState) throws -> Int
    /// How many changes are held, and the bytes of their sealed values.
    func counts(_ line: LineState) throws -> (changes: Int64, sealedBytes: Int64)
}
