import Sealing
public import SyncProtocol

/// A lead's side of an admission. Its workstation keeps it from the answer to the end: one for an invitation, ever.
///
/// A server that could show a lead one offer after the other, and see its random bytes for each, would try until the digits
/// fit; so would one that may answer a commitment with another offer than the one that was answered.
public struct AnsweredOffer: Hashable, Sendable {
    public let invitation: InvitationID
    public let offer: JoinOffer
    /// This lead's random bytes: what is sent as ``JoinAnswer``.
    public let random: [UInt8]
    public private(set) var misses: UInt64 = 0

    public init(_ offer: JoinOffer, invitation: InvitationID) {
        self.invitation = invitation
        self.offer = offer
        random = randomBytes(JoinOffer.randomBytes)
    }

    public var isEnded: Bool { misses >= JoinDigits.attempts }

    public enum Result: Hashable, Sendable {
        case right
        /// So many attempts are left.
        case wrong(left: Int)
        /// Too many wrong ones: another invitation is needed.
        case ended
        /// The server shows another offer than the one that was answered, or random bytes that are not what it was a commitment
        /// to: somebody else tries to get in. Nobody must be admitted by this invitation.
        case changed
    }

    /// Looks at what the lead has typed. Whoever calls keeps the new state before it says the result.
    ///
    /// - Parameters:
    ///   - offer: as the server lists it now.
    ///   - revealed: the random bytes that it was a commitment to.
    public mutating func check(
        typed: String, offer: JoinOffer, revealed: [UInt8], line: LineID, lead: DeviceID
    ) -> Result {
        guard !isEnded else { return .ended }
        guard offer == self.offer, offer.isOpened(by: revealed) else { return .changed }
        let digits = JoinDigits.text(
            line: line, invitation: invitation, offer: offer, lead: lead, random: revealed, leadRandom: random)
        if constantTimeEqual(Array(typed.utf8.filter { $0 != 0x20 && $0 != 0x2D }), Array(digits.utf8)) {
            return .right
        }
        misses += 1
        return isEnded ? .ended : .wrong(left: JoinDigits.attempts - Int(misses))
    }
}

extension AnsweredOffer {
    /// `[invitation, offer, random, misses]`, to be kept.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        writer.data(invitation.bytes)
        writer.data(offer.encoded())
        writer.data(random)
        writer.unsigned(misses)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 4)
        invitation = try reader.invitation()
        offer = try JoinOffer(encoded: Array(try reader.data(limit: 1_000)))
        random = Array(try reader.data(exactly: JoinOffer.randomBytes))
        misses = try reader.unsigned()
        try reader.finish()
    }
}
