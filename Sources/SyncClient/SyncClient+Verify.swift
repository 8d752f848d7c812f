import Merge
public import Replica
import SyncProtocol

/// What a verification found.
public struct Verification: Sendable {
    /// Proven equal with the server, by sums that both sides computed anew.
    public var isEqual: Bool
    /// The running sum was wrong, and was put right; the data were not.
    public var wasSumWrong = false
    /// What was compared, and what differed and was joined.
    public var healing = HealingReport()
    /// Values compared with the feed's; 0 unless it was asked for.
    public var comparedValues = 0
    /// Records with values that had been damaged here, and were put right.
    public var mendedRecords = 0
}

extension SyncClient {
    /// Proves that the replica and the server hold the same, by looking at everything on both sides; joins what differs.
    ///
    /// - Parameter isDeep: also reads the whole feed, and compares every value with the one that stands here. What was
    ///   damaged here is put right.
    ///
    /// Errors: those of ``sync(onExchange:)``. Cost: a pass over all stamps on both sides, a few seconds for a million
    /// records; a deep one transfers the whole line.
    public func verify(isDeep: Bool = false, onProgress: (UInt64, UInt64) -> Void = { _, _ in }) async throws
        -> Verification
    {
        let session = SyncSession(replica)
        var report = SyncReport()
        try await run(session, &report) { _ in }
        var result = Verification(isEqual: false)
        result.wasSumWrong = try replica.repairFingerprint()
        try replica.compareWithServer()
        try await run(session, &report) { _ in }
        result.healing = report.healing
        if isDeep {
            session.beginReading()
            try await run(session, &report) { _ in
                onProgress(session.verification.position, session.verification.head)
            }
            result.comparedValues = session.verification.comparedValues
            result.mendedRecords = session.verification.mendedRecords
        }
        result.isEqual = report.isVerified == true
        return result
    }
}
