import Replica
import SyncProtocol

/// How long what a case holds is kept. It stands in the line's roster, since it destroys: only a lead can change it, and every desk
/// verifies that a lead did.
public struct RetentionRules: Hashable, Sendable {
    /// Months from the closing of a case to the shredding of its free text.
    public var shreddingMonths: Int
    /// Months from the closing of a case to its erasure; nil: its classification stays for statistics.
    public var erasureMonths: Int?

    /// What holds until a lead has settled something: text goes after two years, as the Swedish helplines had it.
    public static let standard = RetentionRules(shreddingMonths: 24)

    public init(shreddingMonths: Int, erasureMonths: Int? = nil) {
        self.shreddingMonths = shreddingMonths
        self.erasureMonths = erasureMonths
    }

    private static let version: UInt64 = 1

    /// `[1, months to shredding, months to erasure or 0]`, for the roster. Errors: `badValue`.
    public func encoded() throws(CaseworkError) -> [UInt8] {
        guard LineSettings.months.contains(shreddingMonths),
            erasureMonths.map(LineSettings.months.contains) ?? true
        else { throw CaseworkError(.badValue, "settings.ranges") }
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(Self.version)
        writer.unsigned(UInt64(shreddingMonths))
        writer.unsigned(UInt64(erasureMonths ?? 0))
        return writer.bytes
    }

    /// Errors: `rulesUnread` for what a newer program has written: what is not understood destroys nothing.
    init(encoded bytes: [UInt8]) throws(CaseworkError) {
        do throws(ProtocolError) {
            var reader = CBORReader(bytes)
            try reader.array(exactly: 3)
            let (version, shredding, erasure) = (
                try reader.unsigned(), Int(clamping: try reader.unsigned()), Int(clamping: try reader.unsigned())
            )
            try reader.finish()
            guard version == Self.version, LineSettings.months.contains(shredding),
                erasure == 0 || LineSettings.months.contains(erasure)
            else { throw ProtocolError(.invalidValue, offset: 0) }
            self.init(shreddingMonths: shredding, erasureMonths: erasure == 0 ? nil : erasure)
        } catch {
            throw CaseworkError(.rulesUnread, "retention.rulesUnread", cause: error)
        }
    }
}

extension Casework {
    /// What a lead has settled about what is destroyed; the standard where nobody has.
    ///
    /// Errors: `rulesUnread` where there are rules and they cannot be read here.
    public func retentionRules() throws -> RetentionRules { try Self.rules(replica.membership()) }

    static func rules(_ membership: Membership?) throws -> RetentionRules {
        if let rules = membership?.rules { return try RetentionRules(encoded: rules) }
        guard membership?.hasUnreadRules != true else {
            throw CaseworkError(.rulesUnread, "retention.rulesUnread")
        }
        return .standard
    }
}
