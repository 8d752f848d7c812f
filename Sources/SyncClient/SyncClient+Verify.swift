import Merge
import Replica
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
        var report = try await sync()
        var result = Verification(isEqual: false)
        result.wasSumWrong = try replica.repairFingerprint()
        try await heal(&report)
        result.healing = report.healing
        if isDeep { try await compareValues(&result, onProgress) }
        result.isEqual = try await sync().isVerified == true
        return result
    }

    private func compareValues(_ result: inout Verification, _ onProgress: (UInt64, UInt64) -> Void) async throws {
        let enrolment = try enrolment()
        let endpoint = Endpoint(
            server: enrolment.server, path: "/v1/sync", token: enrolment.token, transport: transport)
        var cursor = Cursor.start
        while true {
            var request = try replica.outgoing(maximumBytes: 0, pageBytes: configuration.pageBytes).request
            // Only reading: what waits is sent before and after.
            guard request.commits.isEmpty, !request.wantsNoPage else {
                _ = try await sync()
                continue
            }
            request.cursor = cursor
            request.includeOwn = true
            let bytes = try await endpoint.post(request.encoded(), timeoutSeconds: configuration.timeoutSeconds)
            let answer = try SyncResponse(answer: bytes)
            guard answer.outcome == .done else {
                throw SyncError(
                    .noProgress,
                    "the server was changed while values were compared; your work is safe here: verify again")
            }
            let (compared, mended) = try replica.checkValues(answer.page)
            result.comparedValues += compared
            result.mendedRecords += mended.count
            cursor = answer.cursor
            onProgress(cursor.position, answer.head)
            if !answer.more { return }
        }
    }
}
