/// How the line's other workstations stood when they last called: counts, and nothing of what they hold.
///
/// The answer to `GET /v2/desks`. A workstation that has not called knows of work that the server does not.
public struct DesksResponse: Hashable, Sendable {
    /// Workstations but the one that asks, without those that were shut out.
    public var others: UInt64
    /// Of these: with work not sent, as they said themselves.
    public var unsent: UInt64
    /// Of these: not proven equal with the server.
    public var unverified: UInt64
    /// Of these: not heard of for a day.
    public var silent: UInt64
    /// Milliseconds since 1970, by the server's clock.
    public var serverTime: Int64

    public init(others: UInt64 = 0, unsent: UInt64 = 0, unverified: UInt64 = 0, silent: UInt64 = 0, serverTime: Int64) {
        self.others = others
        self.unsent = unsent
        self.unverified = unverified
        self.silent = silent
        self.serverTime = serverTime
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(6)
        writer.unsigned(0); writer.unsigned(SyncRequest.version)
        writer.unsigned(1); writer.unsigned(others)
        writer.unsigned(2); writer.unsigned(unsent)
        writer.unsigned(3); writer.unsigned(unverified)
        writer.unsigned(4); writer.unsigned(silent)
        writer.unsigned(5); writer.integer(serverTime)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var counts: [UInt64?] = [nil, nil, nil, nil]
        var serverTime: Int64?
        try reader.map { key, reader throws(ProtocolError) in
            switch key {
            case 0:
                version = try reader.version()
            case 1...4: counts[Int(key) - 1] = try reader.unsigned()
            case 5: serverTime = try reader.serverTime()
            default: return false
            }
            return true
        }
        try reader.finish()
        guard version != nil, let others = counts[0], let unsent = counts[1], let unverified = counts[2],
            let silent = counts[3], let serverTime
        else { throw ProtocolError(.missing, offset: reader.offset) }
        // Counts of workstations, of which a line has 10,000: no sum of theirs may overflow.
        guard others <= UInt32.max, max(unsent, unverified, silent) <= others else {
            throw ProtocolError(.invalidValue, offset: reader.offset)
        }
        self.init(others: others, unsent: unsent, unverified: unverified, silent: silent, serverTime: serverTime)
    }
}
