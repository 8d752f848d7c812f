import Replica
import Sealing
import SyncProtocol
public import Trust

extension SyncClient {
    /// Where this workstation was removed by an entry of the roster: hands over to the leads what it had not sent, once.
    ///
    /// - Returns: how many commits were handed over; 0 where there is nothing, or it was done before.
    ///
    /// Errors: ``SyncError``; it is tried again with the next sync.
    @discardableResult
    public func handOverUnsent() async throws -> Int {
        let membership = try membership()
        let parts = try replica.unsentParts()
        guard let last = parts.last else { return 0 }
        let attempt = try replica.beginHandingOver()
        for (number, numbers) in parts.enumerated() {
            let part = UnsentPart(
                attempt: attempt, number: UInt64(number), parts: UInt64(parts.count),
                page: try replica.unsentPage(numbers))
            _ = try await endpoint.post(
                part.encoded(), to: "/v2/unsent", at: membership.server, as: .device(membership.keys),
                timeoutSeconds: configuration.timeoutSeconds)
        }
        try replica.noteHandedOver(through: last.upperBound)
        return Int(last.upperBound - parts[0].lowerBound) + 1
    }
}

extension Lead {
    /// What removed workstations had not sent, and no lead has dealt with yet.
    public func unsentWork() async throws -> [UnsentList.Item] {
        let bytes = try await client.get("/v2/unsent", try await membership())
        return try client.reading { () throws(ProtocolError) in try UnsentList(encoded: bytes) }.items
    }

    /// What a workstation had not sent, as it was read: what is taken in or dropped is this and nothing else.
    public struct UnsentWork: Sendable {
        public var device: DeviceID
        public var attempt: UInt64
        public var pages: [[UInt8]]
        /// Tells it from any other: 32 hexadecimal digits.
        public var mark: String {
            hexadecimalText(Blake2b.hash(pages.flatMap { Blake2b.hash($0, count: 32) }, count: 16))
        }
    }

    /// The whole of what a workstation had not sent, to be read and taken in by the replica.
    ///
    /// Errors: ``SyncError``, with `nothingUnsent` where the server has nothing, or not all of it.
    public func unsentWork(of device: DeviceID) async throws -> UnsentWork {
        let membership = try await membership()
        guard let item = try await unsentWork().first(where: { $0.device == device }), item.isWhole else {
            throw SyncError(
                .nothingUnsent,
                "the server has nothing of this workstation's that was not sent, or not all of it yet; nothing was changed"
            )
        }
        var pages: [[UInt8]] = []
        for number in 0..<item.parts {
            let bytes = try await client.get("/v2/unsent?device=\(device)&part=\(number)", membership)
            let part = try client.reading { () throws(ProtocolError) in try UnsentPart(encoded: bytes) }
            guard part.number == number, part.parts == item.parts, part.attempt == item.attempt else {
                throw SyncError(.noProgress, "the workstation is handing over anew; nothing was changed: try again")
            }
            pages.append(part.page)
        }
        return UnsentWork(device: device, attempt: item.attempt, pages: pages)
    }

    /// Takes in what was read of a workstation, gives it to the server, and drops it there.
    ///
    /// - Returns: how many records it changed.
    ///
    /// Errors: those of `Replica.takeIn` and ``SyncClient/sync(onExchange:)``; repeating it is safe.
    @discardableResult
    public func takeIn(_ work: UnsentWork) async throws -> Int {
        _ = try await membership()
        // All are read before any is taken in.
        for page in work.pages { _ = try client.replica.read(unsent: page) }
        var count = 0
        for page in work.pages { count += try client.replica.takeIn(unsent: page) }
        try await client.sync()
        try await discardUnsent(of: work.device, attempt: work.attempt)
        return count
    }

    /// Drops an attempt of what a workstation had not sent: it is not taken in by anybody any more.
    public func discardUnsent(of device: DeviceID, attempt: UInt64) async throws {
        try await client.post(
            UnsentReference(device, attempt: attempt).encoded(), to: "/v2/unsent/discard", try await membership())
    }
}
